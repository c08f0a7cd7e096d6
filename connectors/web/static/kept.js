// What this page keeps in the browser: a key to the conversation, unsent words, and a few choices. All under one prefix.

const PREFIX = "warmline.";

class Shelf {
  // A browser may forbid storage; then the page remembers for as long as it is open.
  #memory = new Map();
  #storage;

  constructor(name) {
    try {
      window[name].setItem(`${PREFIX}probe`, "1");
      window[name].removeItem(`${PREFIX}probe`);
      this.#storage = window[name];
    } catch {
      this.#storage = null;
    }
  }

  get(key) {
    return this.#storage ? this.#storage.getItem(PREFIX + key) : (this.#memory.get(key) ?? null);
  }

  set(key, value) {
    try {
      this.#storage?.setItem(PREFIX + key, value);
    } catch {
      this.#storage = null; // full: what follows is remembered here
    }
    if (!this.#storage) this.#memory.set(key, value);
  }

  remove(key) {
    this.#storage?.removeItem(PREFIX + key);
    this.#memory.delete(key);
  }

  keys(start) {
    const stored = this.#storage ? Object.keys(this.#storage).filter((key) => key.startsWith(PREFIX)) : [];
    const all = [...stored.map((key) => key.slice(PREFIX.length)), ...this.#memory.keys()];
    return all.filter((key) => key.startsWith(start)).sort();
  }
}

export const kept = new Shelf("localStorage");
export const keptInTab = new Shelf("sessionStorage");
