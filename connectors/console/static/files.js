// Files in a transcript: loaded with the session's cookie, shown from memory, gone with their line.
import { fill, h } from "./dom.js";
import { t } from "./words.js";

const SOON = "200px";
const KINDS = ["image", "voice"];

export const kindOfFile = (body) => t(body?.kind === "image" ? "talk.image" : body?.kind === "voice" ? "talk.voice" : "talk.document");

export function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

// `who` is whose file it is, empty for one's own.
export function fileNode(entry, who) {
  const body = entry.body ?? {};
  const address = `/console/files/${encodeURIComponent(body.file)}?conversation=${encodeURIComponent(entry.conversation)}`;
  const node = h("div", { class: `file file-${body.kind}` });
  if (KINDS.includes(body.kind)) whenSeen(node, () => showIn(node, body, address, who));
  else fill(node, saving(node, body, address));
  return node;
}

async function showIn(node, body, address, who) {
  fill(node, h("p", { class: "muted" }, t("talk.file_loading")));
  const src = await load(address, (text, over) => problem(node, text, over ? null : () => showIn(node, body, address, who)));
  if (!src) return;
  const isImage = body.kind === "image";
  const named = !who ? kindOfFile(body) : isImage ? t("talk.image_from", { who }) : t("talk.voice_from", { who });
  if (isImage) fill(node, h("img", { src, alt: named }));
  else fill(node, h("p", { class: "muted" }, named), h("audio", { src, controls: true, preload: "metadata", "aria-label": named }));
}

function saving(node, body, address) {
  const label = t("talk.file_save", { name: body.name, size: size(body.size) });
  return h("button", { type: "button", class: "quiet", onclick: () => save(node, body, address) }, label);
}

async function save(node, body, address) {
  const href = await load(address, (text, over) => problem(node, text, over ? null : () => save(node, body, address)));
  if (!href) return;
  fill(node, saving(node, body, address));
  h("a", { href, download: body.name }).click();
}

async function load(address, failed) {
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (answer.ok) return URL.createObjectURL(await answer.blob());
    failed((await answer.json()).next, answer.status === 404);
  } catch {
    failed(t("talk.file_lost"), false);
  }
  return null;
}

function problem(node, text, again) {
  fill(node, h("p", { class: "muted" }, text), again ? h("button", { type: "button", class: "quiet small", onclick: again }, t("talk.file_again")) : null);
}

function whenSeen(node, act) {
  const observer = new IntersectionObserver((seen) => {
    if (!seen.some((each) => each.isIntersecting)) return;
    observer.disconnect();
    act();
  }, { rootMargin: SOON });
  observer.observe(node);
}

// When lines leave the page, so do the files that were shown in them.
export function forgetFiles(node) {
  for (const each of node.querySelectorAll("img[src^='blob:'], audio[src^='blob:']")) URL.revokeObjectURL(each.src);
}
