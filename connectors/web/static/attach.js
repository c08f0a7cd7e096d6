// A file that somebody chose: named above the box, sent with the words in it, kept here until it has arrived.

import { byId, icon, make } from "./dom.js";
import { kept } from "./kept.js";
import { freshId } from "./outbox.js";
import { say, size } from "./texts.js";

const CLIP = "M13.5 6.5 7.6 12.4a1.7 1.7 0 0 0 2.4 2.4l6-6a3.2 3.2 0 0 0-4.6-4.6L5.3 10.3a4.8 4.8 0 0 0 6.8 6.8l5-5";
const MEGABYTE = 1_000_000;

export class Attach {
  #place = byId("attachment");
  #button = byId("attach");
  #input = byId("file");
  #limit;
  #about;
  #file = null;
  #id = null;
  #busy = false;

  /** `limit` in bytes, 0 where no files are taken; `about()` gives what goes with a file beside the words. */
  constructor({ limit, about }) {
    this.#limit = limit;
    this.#about = about;
    if (!limit) return;
    this.#button.setAttribute("aria-label", say("file.attach"));
    this.#button.title = say("file.attach");
    this.#button.append(icon("clip", CLIP));
    this.#button.hidden = false;
    this.#button.addEventListener("click", () => this.#input.click());
    this.#input.addEventListener("change", () => this.#chose(this.#input.files[0]));
  }

  get has() {
    return this.#file !== null;
  }

  get isBusy() {
    return this.#busy;
  }

  /** Send the file with these words. Answers {sent}, or {words: true} where only the words arrived; and a {card}. */
  async send(text) {
    this.#busy = true;
    this.#draw(say("file.sending"));
    const answer = await this.#post(text);
    this.#busy = false;
    if (answer.sent) this.drop();
    else this.#draw(answer.next, { alert: true });
    return answer;
  }

  drop() {
    this.#file = null;
    this.#input.value = "";
    this.#place.replaceChildren();
    this.#place.hidden = true;
  }

  #chose(file) {
    if (!file) return;
    const tooLarge = file.size > this.#limit;
    this.#file = tooLarge ? null : file;
    this.#id = freshId();
    const megabytes = Math.floor(this.#limit / MEGABYTE);
    this.#draw(tooLarge ? say("file.too_large", { megabytes }) : say("file.cleaned"), { alert: tooLarge, name: file.name, bytes: file.size });
    byId("words").focus();
  }

  #draw(note, { alert = false, name = this.#file?.name, bytes = this.#file?.size } = {}) {
    const remove = make("button", { type: "button", class: "soft", text: say("file.remove"), on: { click: () => this.#remove() } });
    this.#place.hidden = false;
    this.#place.replaceChildren(
      make("p", { class: "chosen", dir: "auto", text: say("file.chosen", { name, size: size(bytes) }) }),
      make("p", { class: "small", role: alert ? "alert" : "status", text: note }),
      ...(this.#busy ? [] : [remove]),
    );
  }

  #remove() {
    this.drop();
    byId("words").focus();
  }

  async #post(text) {
    const head = JSON.stringify({ id: this.#id, text, ...this.#about() });
    try {
      const answer = await fetch("/chat/files", {
        method: "POST",
        headers: { Authorization: `Bearer ${kept.get("token")}` },
        body: new Blob([`${head}\n`, this.#file]),
      });
      const { next, words, card } = await answer.json();
      if (answer.ok) return { sent: true };
      if (words) this.#id = freshId(); // the words have used the old one up
      return { next, words: words === "kept", card };
    } catch {
      return { next: say("file.lost") };
    }
  }
}
