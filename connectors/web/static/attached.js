// A file in the feed. It is loaded with the session's key, which stands in no address, and shown from memory.

import { make, words } from "./dom.js";
import { kept } from "./kept.js";
import { duration, say, size } from "./texts.js";

const SOON = "200px";
const shown = new Set();

/** The file, and what was written with it. Loaded once it is about to be seen; a document only when it is asked for. */
export function attachedFile(entry) {
  const body = entry.body ?? {};
  const place = make("div", { class: `file file-${body.kind}` });
  if (body.kind === "document") place.append(saving(place, body));
  else whenSeen(place, () => show(place, entry));
  return [place, entry.text ? make("div", { class: "bubble" }, words(entry.text)) : null];
}

/** What an entry with a file is called where there is no room for it. */
export function calledFile(body) {
  return say(`file.${["image", "voice"].includes(body?.kind) ? body.kind : "document"}`);
}

/** Let go of everything that was shown. */
export function forgetFiles() {
  for (const address of shown) URL.revokeObjectURL(address);
  shown.clear();
}

async function show(place, entry) {
  const { body, from, name } = entry;
  place.replaceChildren(make("p", { class: "small", text: say("file.loading") }));
  const address = await load(body.file, (text, gone) => problem(place, text, gone ? null : () => show(place, entry)));
  if (!address) return;
  const isTheirs = from === "supporter" && name;
  if (body.kind === "image") {
    place.replaceChildren(make("img", { src: address, alt: isTheirs ? say("file.image_from", { name }) : say("file.image") }));
    return;
  }
  const label = isTheirs ? say("file.voice_from", { name }) : say("file.voice");
  const long = body.seconds ? ` · ${duration(body.seconds)}` : "";
  place.replaceChildren(
    make("p", { class: "small", text: label + long }),
    make("audio", { src: address, controls: true, preload: "metadata", "aria-label": label }),
  );
}

function saving(place, body) {
  const label = `${say("file.save", { name: body.name })} · ${size(body.size)}`;
  return make("button", { type: "button", class: "soft", text: label, on: { click: () => save(place, body) } });
}

async function save(place, body) {
  const address = await load(body.file, (text, gone) => problem(place, text, gone ? null : () => save(place, body)));
  if (!address) return;
  place.replaceChildren(saving(place, body));
  make("a", { href: address, download: body.name }).click();
}

async function load(file, failed) {
  try {
    const headers = { Authorization: `Bearer ${kept.get("token")}` };
    const answer = await fetch(`/chat/files/${encodeURIComponent(file)}`, { headers, cache: "no-store" });
    if (answer.ok) return remember(URL.createObjectURL(await answer.blob()));
    failed(answer.status === 404 ? say("file.gone") : say("refusals.file_not_now"), answer.status === 404);
  } catch {
    failed(say("refusals.file_not_now"), false);
  }
  return null;
}

function remember(address) {
  shown.add(address);
  return address;
}

function problem(place, text, again) {
  const button = again && make("button", { type: "button", class: "soft", text: say("file.show"), on: { click: again } });
  place.replaceChildren(make("p", { class: "small", text }), ...[button].filter(Boolean));
}

function whenSeen(element, act) {
  const observer = new IntersectionObserver(
    (seen) => {
      if (!seen.some((each) => each.isIntersecting)) return;
      observer.disconnect();
      act();
    },
    { rootMargin: SOON },
  );
  observer.observe(element);
}

window.addEventListener("warmline:leave", forgetFiles);
