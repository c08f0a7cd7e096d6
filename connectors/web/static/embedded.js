// Inside another site's panel: closing it, knowing whether it is open, and telling how much is unread.

import { byId } from "./dom.js";

export class Panel {
  #embedded = window.parent !== window;
  #shown = !this.#embedded;
  #unread = 0;
  onShown = () => {};

  constructor() {
    if (!this.#embedded) return;
    const close = byId("close");
    close.hidden = false;
    close.addEventListener("click", () => this.#post({ warmline: "close" }));
    window.addEventListener("message", (event) => {
      if (event.source === window.parent && event.data?.warmline === "panel") this.#set(event.data.open === true);
    });
    this.#post({ warmline: "ready" });
  }

  get isShown() {
    return this.#shown;
  }

  came(entry) {
    if (this.#shown || entry.from === "seeker") return;
    this.#unread += 1;
    this.#post({ warmline: "unread", count: this.#unread });
  }

  #set(open) {
    this.#shown = open;
    if (!open) return;
    this.#unread = 0;
    this.onShown();
  }

  // The site around may be any that the line allows; nothing private is ever posted.
  #post(message) {
    window.parent.postMessage(message, "*");
  }
}
