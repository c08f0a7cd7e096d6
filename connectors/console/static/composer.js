// The box for words to the seeker. Nothing else is ever sent from here, and nothing is sent to them from anywhere else.
import { ChosenFile } from "./chosen-file.js";
import { draft, keepDraft } from "./drafts.js";
import { fresh, h, say, show } from "./dom.js";
import { callName, t } from "./words.js";

const TYPING_EVERY = 3000;

export class Composer {
  #typedAt = 0;

  constructor(view, { link, limit, fileLimit, replies, resources, more }) {
    Object.assign(this, { conversation: view.id, link, limit });
    const who = callName(view);
    const id = fresh("composer");
    this.box = h("textarea", {
      id, class: "composer-box", rows: "1", placeholder: t("composer.placeholder", { who }), "aria-describedby": `${id}-hint`,
      oninput: () => this.#typed(), onkeydown: (event) => this.#key(event), dir: "auto",
    });
    this.box.value = draft(view.id);
    this.label = h("label", { for: id, class: "sr" }, t("composer.label", { who }));
    this.file = new ChosenFile(view.id, fileLimit, () => this.focus());
    this.problem = h("p", { class: "problem", role: "alert", hidden: true });
    this.send = h("button", { class: "primary send" }, t("composer.send"));
    this.node = h("form", { class: "composer", onsubmit: (event) => this.#submit(event) },
      this.file.node, this.file.input, this.label, h("div", { class: "composer-top" }, this.box, this.send), this.problem,
      h("div", { class: "composer-row" },
        h("button", { type: "button", class: "quiet", "aria-label": t("composer.replies_long"), onclick: replies }, t("composer.replies")),
        h("button", { type: "button", class: "quiet", "aria-label": t("composer.resources_long"), onclick: resources }, t("composer.resources")),
        this.file.button,
        more,
        h("span", { class: "composer-hint", id: `${id}-hint` }, t("composer.hint"))));
    requestAnimationFrame(() => this.#grow());
  }

  rename(view) {
    const who = callName(view);
    this.box.placeholder = t("composer.placeholder", { who });
    say(this.label, t("composer.label", { who }));
  }

  focus() {
    this.box.focus();
  }

  // Puts words where the cursor is; they are not sent.
  insert(text) {
    const { selectionStart: start, selectionEnd: end, value } = this.box;
    const gap = start > 0 && !/\s$/.test(value.slice(0, start)) ? " " : "";
    this.box.setRangeText(gap + text, start, end, "end");
    this.#typed();
    this.focus();
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.node.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (this.#tooLong()) return;
    if (this.file.has) this.#sendFile(text);
    else if (text) this.#sendWords(text);
  }

  #sendWords(text) {
    this.link.keepSending("say", this.conversation, text);
    this.#empty();
    this.node.dispatchEvent(new CustomEvent("kept", { bubbles: true }));
    this.focus();
  }

  // The words stay in the box until they have arrived with the file.
  async #sendFile(text) {
    if (this.file.busy) return;
    if ((await this.file.send(text)) && this.box.value.trim() === text) this.#empty();
    this.focus();
  }

  #empty() {
    this.box.value = "";
    this.#typedAt = 0;
    keepDraft(this.conversation, "");
    this.#grow();
  }

  #typed() {
    keepDraft(this.conversation, this.box.value);
    this.#grow();
    this.#tooLong();
    if (this.box.value && Date.now() - this.#typedAt > TYPING_EVERY) {
      this.#typedAt = Date.now();
      this.link.send({ type: "typing", conversation: this.conversation });
    }
  }

  #tooLong() {
    const over = [...this.box.value.trim()].length - this.limit();
    show(this.problem, over > 0);
    if (over > 0) say(this.problem, t("composer.too_long", { count: over }));
    return over > 0;
  }

  #grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 180)}px`;
  }
}
