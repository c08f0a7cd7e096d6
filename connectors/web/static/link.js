// Going on in another place: a code to write there, or a field for a code that was made there.

import { openDialog } from "./dialog.js";
import { make } from "./dom.js";
import { say } from "./texts.js";

/** `ask(code)` sends; false when there is no connection. Answers come to `answer`. */
export class Linking {
  #ask;
  #status = null;
  #field = null;

  constructor(ask) {
    this.#ask = ask;
  }

  open() {
    this.#status = make("p", { class: "link-answer", role: "status" });
    this.#field = make("input", { type: "text", autocomplete: "off", autocapitalize: "characters", maxlength: "16" });
    const use = make("button", { type: "button", class: "soft strong", text: say("link.use"), on: { click: () => this.#use() } });
    const code = make("button", { type: "button", class: "soft wide", text: say("link.make"), on: { click: () => this.#send() } });
    openDialog({
      title: say("link.heading"),
      closeText: say("link.close"),
      content: [
        make("p", { text: say("link.words") }),
        code,
        make("label", { class: "field" }, make("span", { text: say("link.have") }), this.#field),
        use,
        this.#status,
      ],
      onClose: () => (this.#status = null),
    });
  }

  answer({ text }) {
    if (this.#status) this.#status.textContent = text;
  }

  #use() {
    const code = this.#field.value.trim();
    if (code) this.#send(code);
    else this.#field.focus();
  }

  #send(code = "") {
    if (!this.#ask(code)) this.answer({ text: say("link.offline") });
  }
}
