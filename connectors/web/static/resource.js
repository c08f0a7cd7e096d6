// A resource: something short to read or do. One with timed steps can be started.

import { make, words } from "./dom.js";
import { duration, say } from "./texts.js";

export function resourceCard(body, act) {
  const steps = body.steps ?? [];
  const paragraphs = body.body ?? [];
  return make(
    "section",
    { class: "resource", "aria-label": body.title ?? "" },
    words([say(`resource.${KINDS.has(body.kind) ? body.kind : "read"}`), minutes(body)].filter(Boolean).join(" · "), "small"),
    make("h2", { dir: "auto", text: body.title ?? "" }),
    body.summary ? words(body.summary) : null,
    paragraphs.length ? unfolding(paragraphs) : null,
    steps.length ? starting(body, steps, act) : null,
  );
}

const KINDS = new Set(["read", "do", "listen", "watch"]);

function minutes(body) {
  return body.minutes ? say("resource.minutes", { minutes: body.minutes }) : "";
}

function unfolding(paragraphs) {
  const summary = make("summary", { text: say("resource.show") });
  const details = make("details", {}, summary, make("div", { class: "reading" }, paragraphs.map((each) => words(each))));
  details.addEventListener("toggle", () => {
    summary.textContent = say(details.open ? "resource.hide" : "resource.show");
  });
  return details;
}

function starting(body, steps, act) {
  const seconds = steps.reduce((sum, step) => sum + Number(step.seconds), 0);
  return make(
    "p",
    { class: "starting" },
    make("button", { type: "button", class: "soft", text: say("resource.start"), on: { click: () => act.exercise(body) } }),
    make("span", { class: "small", text: say("resource.steps", { count: steps.length, time: duration(seconds) }) }),
  );
}
