// A timed exercise in a dialog of its own: one step at a time, with pause and stop. Movement only where it is welcome.

import { openDialog } from "./dialog.js";
import { make } from "./dom.js";
import { say } from "./texts.js";

const TICK_MS = 200;

/** The page's own breathing exercise; it works without a connection. */
export function breathing() {
  const round = say("exercise.breathing");
  const steps = Array.from({ length: Number(say("exercise.rounds")) }, () => round).flat();
  return { title: say("exercise.title"), summary: say("exercise.intro"), steps };
}

/** Opens the dialog for a resource with `steps` of `text` and `seconds`. */
export function openExercise(resource) {
  const view = new Exercise(resource.steps.map((step) => ({ text: step.text, seconds: Number(step.seconds) })));
  openDialog({
    title: resource.title,
    className: "exercise",
    content: [make("p", { class: "intro", dir: "auto", text: resource.summary ?? "" }), view.element],
    closeText: say("exercise.close"),
    onClose: () => view.halt(),
  });
}

class Exercise {
  #steps;
  #place = -1;
  #left = 0;
  #timer = 0;
  #at = 0;
  #core = make("div", { class: "core" });
  #circle = make("div", { class: "circle", "aria-hidden": "true" }, this.#core);
  #count = make("span", { class: "count", "aria-hidden": "true" });
  #words = make("p", { class: "step", role: "status", dir: "auto" });
  #progress = make("progress", { max: "1", value: "0", "aria-hidden": "true" });
  #where = make("p", { class: "small where" });
  #go = make("button", { type: "button", class: "soft strong", text: say("exercise.begin"), on: { click: () => this.#toggle() } });
  #stop = make("button", { type: "button", class: "soft", text: say("exercise.stop"), hidden: true, on: { click: () => this.#end("") } });

  constructor(steps) {
    this.#steps = steps;
    this.#circle.append(this.#count);
    this.element = make(
      "div",
      { class: "timed" },
      this.#circle,
      this.#words,
      this.#progress,
      this.#where,
      make("p", { class: "row" }, this.#go, this.#stop),
    );
  }

  halt() {
    clearInterval(this.#timer);
    this.#timer = 0;
  }

  #toggle() {
    if (this.#timer) this.#pause();
    else this.#run();
  }

  #run() {
    if (this.#place < 0) this.#show(0);
    else this.#words.textContent = this.#steps[this.#place].text;
    this.#move(this.#left);
    this.#at = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#go.textContent = say("exercise.pause");
    this.#stop.hidden = false;
  }

  #pause() {
    this.halt();
    this.#words.textContent = say("exercise.paused");
    this.#go.textContent = say("exercise.go_on");
    this.#core.style.scale = getComputedStyle(this.#core).scale;
  }

  #tick() {
    const now = performance.now();
    this.#left -= (now - this.#at) / 1000;
    this.#at = now;
    if (this.#left > 0) this.#draw();
    else if (this.#place + 1 < this.#steps.length) {
      this.#show(this.#place + 1);
      this.#move(this.#left);
    } else this.#end(say("exercise.done"));
  }

  #show(place) {
    this.#place = place;
    this.#left = this.#steps[place].seconds;
    this.#words.textContent = this.#steps[place].text;
    this.#where.textContent = say("exercise.step", { step: place + 1, count: this.#steps.length });
    this.#draw();
  }

  #draw() {
    const step = this.#steps[this.#place];
    this.#count.textContent = String(Math.ceil(this.#left));
    this.#progress.value = Math.min(1, 1 - this.#left / step.seconds);
  }

  // The circle grows while breathing in, shrinks while breathing out, and otherwise rests where it is.
  #move(seconds) {
    const text = this.#steps[this.#place].text.toLocaleLowerCase();
    const says = (list) => say(list).some((each) => text.startsWith(each));
    this.#core.style.scale = "";
    this.#circle.style.setProperty("--seconds", `${seconds}s`);
    if (says("exercise.in_words")) this.#circle.dataset.breath = "in";
    else if (says("exercise.out_words")) this.#circle.dataset.breath = "out";
  }

  #end(message) {
    this.halt();
    this.#place = -1;
    this.#words.textContent = message;
    this.#where.textContent = this.#count.textContent = "";
    this.#progress.value = 0;
    this.#circle.style.setProperty("--seconds", "1s");
    this.#core.style.scale = "";
    delete this.#circle.dataset.breath;
    this.#go.textContent = say(message ? "exercise.again" : "exercise.begin");
    this.#stop.hidden = true;
    this.#go.focus();
  }
}
