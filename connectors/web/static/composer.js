// Where words are written. A draft survives a reload of this tab; a long text is sent in parts.

import { byId } from "./dom.js";
import { keptInTab } from "./kept.js";
import { say } from "./texts.js";

const TYPING_EVERY_MS = 3000;
const DRAFT = "draft";
const TALLEST = 168;

export class Composer {
  #form = byId("composer");
  #words = byId("words");
  #note = byId("words-note");
  #limit;
  #attach;
  #said;
  #typedAt = 0;

  /** `send(text)` for each part, `typing()` at most every three seconds, `said(answer)` what became of a file. */
  constructor({ limit, send, typing, attach, said }) {
    this.#limit = limit;
    this.#attach = attach;
    this.#said = said;
    this.#words.placeholder = say("message.placeholder");
    this.#words.value ||= keptInTab.get(DRAFT) ?? ""; // somebody may have begun to write before this ran
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(send);
    });
    this.#words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && hasKeyboard()) {
        event.preventDefault();
        this.#submit(send);
      }
    });
    this.#words.addEventListener("input", () => this.#changed(typing));
    this.#fit();
    this.#form.querySelector(".send").disabled = false; // before this ran, pressing it would have lost the words
  }

  focus() {
    this.#words.focus();
  }

  putBack(text) {
    this.#words.value = [text, this.#words.value].filter(Boolean).join("\n");
    this.#changed(() => {});
    this.focus();
  }

  clear() {
    this.#words.value = "";
    this.#changed(() => {});
  }

  #submit(send) {
    const text = this.#words.value;
    if (this.#attach.has) this.#sendFile(send, text);
    else if (text.trim()) {
      for (const part of parts(text, this.#limit)) send(part);
      this.clear();
    }
    this.focus();
  }

  // Words that fit go with the file; longer ones go before it. They stay in the box until they have arrived.
  async #sendFile(send, text) {
    if (this.#attach.isBusy) return;
    const pieces = parts(text, this.#limit);
    if (pieces.length > 1) {
      for (const piece of pieces) send(piece);
      this.clear();
    }
    const sentWith = pieces.length > 1 ? "" : text;
    const answer = await this.#attach.send(sentWith.trim() ? sentWith : "");
    if ((answer.sent || answer.words) && this.#words.value === sentWith) this.clear();
    this.#said(answer);
    this.focus();
  }

  #changed(typing) {
    const text = this.#words.value;
    if (text) keptInTab.set(DRAFT, text);
    else keptInTab.remove(DRAFT);
    const now = Date.now();
    if (text.trim() && now - this.#typedAt > TYPING_EVERY_MS) {
      this.#typedAt = now;
      typing();
    }
    this.#fit();
  }

  #fit() {
    this.#words.style.height = "auto";
    this.#words.style.height = `${Math.min(this.#words.scrollHeight + 2, TALLEST)}px`;
    const count = parts(this.#words.value, this.#limit).length;
    const left = this.#limit - this.#words.value.length;
    this.#note.textContent =
      count > 1 ? say("message.in_parts", { count }) : left <= 200 ? say("message.left", { count: left }) : "";
  }
}

/** Pieces of at most `limit` characters, cut where a line or a word ends and never inside one character. */
export function parts(text, limit) {
  const pieces = [];
  let rest = text;
  while ([...rest].length > limit) {
    const head = [...rest].slice(0, limit).join("");
    const end = Math.max(head.lastIndexOf("\n"), head.lastIndexOf(" "));
    const piece = end > head.length / 2 ? head.slice(0, end) : head;
    pieces.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...pieces, rest].filter((piece, place) => piece.trim() || place === 0);
}

// On a touch screen, Enter begins a new line and the button sends.
function hasKeyboard() {
  return !window.matchMedia("(pointer: coarse)").matches;
}
