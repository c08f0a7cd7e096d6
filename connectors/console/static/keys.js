// Keys. All with Alt, so that no key a person types or a screen reader uses is taken.
import { askDialog } from "./ask-dialog.js";
import { h } from "./dom.js";
import { t } from "./words.js";

const LIST = [
  ["Enter", "send"], ["Shift + Enter", "newline"], ["Alt + 1 … 4", "room"], ["Alt + W", "offers"], ["Alt + M", "composer"], ["Alt + R", "replies"],
  ["Alt + S", "resources"], ["Alt + N", "notes"], ["Alt + X", "more"], ["Alt + P", "presence"], ["Alt + K", "help"], ["Esc", "escape"],
];

export function takeKeys(rooms, rail) {
  const acts = {
    KeyW: () => rail.focusOffers(),
    KeyM: () => rooms.front?.focus(),
    KeyR: () => rooms.front?.pickReply(),
    KeyS: () => rooms.front?.pickResource(),
    KeyN: () => rooms.front?.focusNotes(),
    KeyX: () => rooms.front?.openMore(),
    KeyP: () => rail.focusPresence(),
    KeyK: showKeys,
    ...Object.fromEntries([0, 1, 2, 3].map((place) => [`Digit${place + 1}`, () => rooms.nth(place)])),
  };
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
    const act = acts[event.code];
    if (!act) return;
    event.preventDefault();
    act();
  });
}

export function showKeys() {
  askDialog({
    heading: t("keys.heading"), words: t("keys.words"), done: t("done"),
    parts: [h("dl", { class: "keys" }, ...LIST.map(([keys, what]) => h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, t(`keys.${what}`)))))],
  });
}
