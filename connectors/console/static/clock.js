// Times as the service counts them, and labels that go on ticking.
import { say } from "./dom.js";
import { t } from "./words.js";

let ahead = 0;
const ticking = new Map();

export const now = () => Date.now() + ahead;
export const setClock = (serverNow) => { ahead = serverNow - Date.now(); };

export function span(milliseconds, fine = false) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return fine ? t("time.seconds", { count: seconds }) : seconds < 10 ? t("time.now") : t("time.seconds", { count: seconds - (seconds % 10) });
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return t("time.minutes", { count: minutes });
  if (minutes < 60 * 48) return t("time.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  return t("time.days", { count: Math.floor(minutes / 1440) });
}

export function countdown(until) {
  const seconds = Math.max(0, Math.ceil((until - now()) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export const hour = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

// Writes `text()` into the node now and every second while the node is in the page.
export function tick(node, text) {
  ticking.set(node, text);
  say(node, text());
  return node;
}

setInterval(() => {
  for (const [node, text] of ticking) {
    if (node.isConnected) say(node, text());
    else if (node.dataset.ticked) ticking.delete(node);
    if (node.isConnected) node.dataset.ticked = "1";
  }
}, 1000);
