// A file that was chosen for the seeker: named above the box until it has gone, together with the words.
import { fill, h, show } from "./dom.js";
import { size } from "./files.js";
import { freshId } from "./link.js";
import { t } from "./words.js";

const MEGABYTE = 1_000_000;
const KINDS = "image/jpeg,image/png,image/webp,image/gif,audio/*,.m4a,.weba,application/pdf,text/plain";

export class ChosenFile {
  #file = null;
  #id = null;
  busy = false;

  constructor(conversation, limit, onChosen) {
    Object.assign(this, { conversation, limit, onChosen });
    this.input = h("input", { type: "file", accept: KINDS, hidden: true, onchange: () => this.#chose(this.input.files[0]) });
    this.button = limit ? h("button", { type: "button", class: "quiet", "aria-label": t("composer.file_long"), onclick: () => this.input.click() }, t("composer.file")) : null;
    this.node = h("div", { class: "chosen-file", hidden: true });
  }

  get has() {
    return this.#file !== null;
  }

  // Gives whether the file, and the words with it, have arrived.
  async send(text) {
    this.busy = true;
    this.#draw(t("composer.file_sending"), false);
    const problem = await this.#post(text);
    this.busy = false;
    if (problem) this.#draw(problem, true);
    else this.drop();
    return !problem;
  }

  drop() {
    this.#file = null;
    this.input.value = "";
    fill(this.node);
    show(this.node, false);
  }

  #chose(file) {
    if (!file) return;
    const tooLarge = file.size > this.limit;
    this.#file = tooLarge ? null : file;
    this.#id = freshId();
    const values = { name: file.name, size: size(file.size), megabytes: Math.floor(this.limit / MEGABYTE) };
    this.#draw(tooLarge ? t("composer.file_too_large", values) : t("composer.file_chosen", values), tooLarge);
    this.onChosen();
  }

  #draw(words, isProblem) {
    const remove = h("button", { type: "button", class: "quiet small", onclick: () => { this.drop(); this.onChosen(); } }, t("composer.file_remove"));
    fill(this.node, h("p", { role: isProblem ? "alert" : "status", class: isProblem ? "problem" : "muted" }, words), this.busy ? null : remove);
    show(this.node, true);
  }

  async #post(text) {
    const head = JSON.stringify({ id: this.#id, conversation: this.conversation, text });
    try {
      const answer = await fetch("/console/files", { method: "POST", body: new Blob([`${head}\n`, this.#file]) });
      return answer.ok ? null : (await answer.json()).next;
    } catch {
      return t("composer.file_not_sent");
    }
  }
}
