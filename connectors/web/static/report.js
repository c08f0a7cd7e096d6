// Something was wrong with a supporter: a reason, and words if they like. For leads alone: none of it enters the feed.

import { openDialog } from "./dialog.js";
import { make } from "./dom.js";
import { say } from "./texts.js";

export const COMMAND = /^\s*\/report\b[\s:;,.–—-]*/i;
const REASONS = ["hurtful", "sexual", "unsafe", "contact", "other"];

export class Reporting {
  #post;
  #sent = null;
  #status = null;
  #form = null;

  /** `post(frame)` keeps and sends; what became of it comes to `done` and `failed`. */
  constructor(post) {
    this.#post = post;
  }

  open(words = "") {
    this.#status = make("p", { class: "report-answer", role: "status" });
    this.#form = this.#questions(words);
    openDialog({
      title: say("report.heading"),
      closeText: say("report.close"),
      content: [make("p", { text: say("report.intro") }), this.#form, this.#status],
      onClose: () => (this.#status = this.#form = null),
    });
  }

  done(id) {
    if (id !== this.#sent || !this.#status) return;
    this.#form.remove();
    this.#status.textContent = say("report.thanks");
  }

  failed(next) {
    if (!this.#status) return;
    this.#status.textContent = next;
    this.#form.hidden = false;
  }

  #questions(words) {
    const field = make("textarea", { name: "words", rows: "3", dir: "auto", maxlength: "2000" });
    field.value = words;
    const form = make(
      "form",
      { novalidate: true },
      make(
        "fieldset",
        { class: "ratings" },
        make("legend", { text: say("report.what") }),
        make("div", { class: "choices" }, REASONS.map((each) => reason(each))),
      ),
      make("label", { class: "field" }, make("span", { text: say("report.words") }), field),
      make("p", { class: "row" }, make("button", { type: "submit", class: "soft strong", text: say("report.send") })),
    );
    form.addEventListener("submit", (event) => this.#send(event, form));
    return form;
  }

  #send(event, form) {
    event.preventDefault();
    const given = new FormData(form);
    if (!given.has("reason")) return void (this.#status.textContent = say("report.choose"));
    form.hidden = true;
    this.#status.textContent = say("report.sending");
    this.#sent = this.#post({ type: "report", reason: given.get("reason"), words: given.get("words").trim() }).id;
  }
}

function reason(value) {
  return make("label", {}, make("input", { type: "radio", name: "reason", value }), make("span", { text: say(`report.reason_${value}`) }));
}
