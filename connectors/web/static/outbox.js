// Unsent words, oldest first, one key each so that two tabs cannot overwrite each other's.

import { kept } from "./kept.js";

const START = "out.";
let count = 0;

export function freshId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const outbox = {
  add(frame) {
    const item = { ...frame, id: freshId(), at: Date.now() };
    count += 1;
    const place = `${String(item.at).padStart(15, "0")}.${String(count).padStart(6, "0")}`;
    kept.set(`${START}${place}.${item.id}`, JSON.stringify(item));
    return item;
  },

  all() {
    return kept.keys(START).map((key) => JSON.parse(kept.get(key) ?? "null")).filter(Boolean);
  },

  first() {
    return this.all()[0] ?? null;
  },

  has(id) {
    return kept.keys(START).some((key) => key.endsWith(`.${id}`));
  },

  remove(id) {
    for (const key of kept.keys(START)) if (key.endsWith(`.${id}`)) kept.remove(key);
  },

  clear() {
    for (const key of kept.keys(START)) kept.remove(key);
  },
};
