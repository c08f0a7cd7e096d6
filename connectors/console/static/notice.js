// Telling people things: to the ear, to the screen reader, in the title, and as a passing line.
import { h, fill } from "./dom.js";
import { play } from "./sound.js";
import { t } from "./words.js";

const polite = h("div", { class: "sr", role: "status", "aria-live": "polite" });
const urgent = h("div", { class: "sr", role: "alert", "aria-live": "assertive" });
const passing = h("div", { class: "passing", role: "status" });

export const noticeParts = () => [polite, urgent, passing];

export function announce(text, pressing = false) {
  const region = pressing ? urgent : polite;
  const line = h("p", {}, text);
  region.append(line);
  setTimeout(() => line.remove(), 10000);
}

export function pass(text, kind = "plain") {
  const line = h("p", { class: `pass pass-${kind}` }, text);
  passing.append(line);
  setTimeout(() => line.remove(), 7000);
}

export function ring(kind) {
  play(kind);
}

export function countInTitle(count, line) {
  document.title = count ? t("title_count", { count, line }) : t("title_plain", { line });
}

export const clearNotices = () => [polite, urgent, passing].forEach((region) => fill(region));
