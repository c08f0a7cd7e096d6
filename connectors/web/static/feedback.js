// The feedback form. Every answer may be left out, and so may the whole form.

import { make } from "./dom.js";
import { kept } from "./kept.js";
import { say } from "./texts.js";

const MOODS = Array.from({ length: 11 }, (_, mood) => String(mood));

export function feedbackForm(body, act) {
  const conversation = body.conversation ?? "";
  const section = make("section", { class: "feedback", "aria-label": say("feedback.heading") });
  const done = kept.get(`feedback.${conversation}`);
  if (done) section.append(note(`feedback.${done}`));
  else section.append(form(conversation, act, section));
  return section;
}

function form(conversation, act, section) {
  const finish = (how) => {
    kept.set(`feedback.${conversation}`, how);
    section.replaceChildren(note(`feedback.${how}`));
    section.firstChild.focus();
  };
  const words = make("textarea", { name: "words", rows: "2", dir: "auto", maxlength: "2000" });
  const element = make(
    "form",
    { novalidate: true },
    make("h2", { text: say("feedback.heading") }),
    make("p", { class: "small", text: say("feedback.intro") }),
    choices(conversation, "rating", say("feedback.rating"), say("feedback.ratings"), (place) => place + 1, "ratings"),
    choices(conversation, "mood_before", say("feedback.mood_before"), MOODS, Number, "moods"),
    choices(conversation, "mood_after", say("feedback.mood_after"), MOODS, Number, "moods"),
    make("label", { class: "field" }, make("span", { text: say("feedback.words") }), words),
    make("label", { class: "agree" }, make("input", { type: "checkbox", name: "review" }), make("span", { text: say("feedback.review") })),
    make(
      "p",
      { class: "row" },
      make("button", { type: "submit", class: "soft strong", text: say("feedback.send") }),
      make("button", { type: "button", class: "soft", text: say("feedback.skip"), on: { click: () => finish("skipped") } }),
    ),
  );
  element.addEventListener("submit", (event) => {
    event.preventDefault();
    act.feedback(answers(conversation, element));
    finish("thanks");
  });
  return element;
}

function choices(conversation, name, legend, titles, valueOf, className) {
  return make(
    "fieldset",
    { class: className },
    make("legend", { text: legend }),
    make(
      "div",
      { class: "choices" },
      titles.map((title, place) =>
        make(
          "label",
          {},
          make("input", { type: "radio", name, value: valueOf(place, title) }),
          make("span", { text: title }),
        ),
      ),
    ),
  );
}

function answers(conversation, element) {
  const given = new FormData(element);
  const answer = { type: "feedback", conversation, words: given.get("words").trim() };
  for (const name of ["rating", "mood_before", "mood_after"]) {
    if (given.has(name)) answer[name] = Number(given.get(name));
  }
  if (given.has("review")) answer.review = true;
  return answer;
}

function note(path) {
  return make("p", { class: "bubble-note", tabindex: "-1", text: say(path) });
}
