// One entry of the feed as an element. Who is speaking is told by words, by side and by shape, never by colour alone.

import { attachedFile, calledFile } from "./attached.js";
import { crisisCard } from "./card.js";
import { icon, make, words } from "./dom.js";
import { feedbackForm } from "./feedback.js";
import { resourceCard } from "./resource.js";
import { clock, say } from "./texts.js";

const TICK = "M4 10.5 8 14.5 16 6";
const TICKS = "M1.5 10.5 5.5 14.5 13 6M8.5 13.2 9.8 14.5 18 6";
const WAIT = "M10 5v5l3 2M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15";
const BOT = "M5 7.5h10v7H5zM10 4.5v3M8 11h.01M12 11h.01";

const QUOTED = 80;

/** `act` holds what an entry's controls do: tap(button), feedback(answers), exercise(resource); `answered` what it answers. */
export function entryElement(entry, { line, act }, answered = null) {
  const content = CONTENT[entry.kind]?.(entry, act) ?? textBubble(entry);
  const element = make(
    "article",
    { class: `entry from-${entry.from} kind-${entry.kind}`, "data-seq": entry.seq, "data-id": entry.id },
    face(entry),
    make("div", { class: "said" }, by(entry, line), answered && quote(answered), content, meta(entry), replies(entry, act)),
  );
  return element;
}

/** The words of an entry that was changed since. */
export function reword(element, text) {
  const bubble = make("div", { class: "bubble" }, ...paragraphs(text));
  const old = element.querySelector(".bubble");
  if (old) old.replaceWith(bubble);
  else element.querySelector(".file")?.after(bubble);
  const meta = element.querySelector(".meta");
  if (meta && !meta.querySelector(".edited")) meta.prepend(make("span", { class: "edited", text: say("message.edited") }));
}

/** An entry that was taken back: that it was there stays, what it said does not. */
export function takeBack(element, { from, name }) {
  const text = from === "seeker" ? say("message.taken_back_own") : say("message.taken_back", { name: name || say("speaker.supporter") });
  for (const part of element.querySelectorAll(".bubble, .file, .resource, .replies, .edited, .quote")) part.remove();
  element.querySelector(".meta").before(make("p", { class: "taken-back small", text }));
}

/** Words of one's own that are on their way. */
export function pendingElement(item) {
  return make(
    "article",
    { class: "entry from-seeker kind-text pending", "data-refers": item.id },
    make(
      "div",
      { class: "said" },
      make("p", { class: "by unseen", text: say("speaker.you") }),
      make("div", { class: "bubble" }, words(item.text ?? item.label ?? "")),
      make("p", { class: "meta" }, make("span", { class: "tick" }, icon("wait", WAIT), label(say("message.sending")))),
    ),
  );
}

export function showTick(element, state) {
  const tick = element.querySelector(".tick");
  if (!tick || tick.dataset.state === state) return;
  tick.dataset.state = state;
  const shape = { waiting: WAIT, delivered: TICK, read: TICKS }[state];
  tick.replaceChildren(icon(state, shape), label(say(`message.${state}`)));
}

function label(text) {
  return make("span", { class: "tick-words", text });
}

const CONTENT = {
  card: (entry, act) => crisisCard(entry.body ?? {}, entry.text, act),
  resource: (entry, act) => [isSaidByCard(entry) ? null : textBubble(entry), resourceCard(entry.body ?? {}, act)],
  file: (entry) => attachedFile(entry),
  feedback: (entry, act) => [entry.text ? textBubble(entry) : null, feedbackForm(entry.body ?? {}, act)],
};

// For channels without cards, a resource's title is its text as well.
function isSaidByCard({ text, body }) {
  return !text || text === body?.title;
}

function quote(answered) {
  const said = answered.text || (answered.kind === "file" ? calledFile(answered.body) : "");
  const letters = [...said.replace(/\s+/g, " ")];
  const quoted = letters.length > QUOTED ? `${letters.slice(0, QUOTED).join("")}…` : letters.join("");
  return quoted ? make("p", { class: "quote", dir: "auto", text: say("message.answers", { quote: quoted }) }) : null;
}

function textBubble(entry) {
  return make("div", { class: "bubble" }, ...paragraphs(entry.text));
}

function paragraphs(text) {
  return text.split(/\n{2,}/).map((part) => words(part));
}

function face(entry) {
  if (entry.from === "bot") return make("div", { class: "face", "aria-hidden": "true" }, icon("bot", BOT));
  if (entry.from !== "supporter") return null;
  const initial = [...(entry.name || say("speaker.supporter"))][0].toLocaleUpperCase();
  return make("div", { class: "face", "aria-hidden": "true", text: initial });
}

function by(entry, line) {
  if (entry.from === "seeker") return make("p", { class: "by unseen", text: say("speaker.you") });
  const fallback = { bot: say("speaker.bot"), supporter: say("speaker.supporter"), system: say("speaker.system", { line }) };
  const name = (entry.from === "supporter" && entry.name) || fallback[entry.from];
  return make(
    "p",
    { class: entry.from === "system" ? "by unseen" : "by" },
    make("span", { class: "name", dir: "auto", text: name }),
    " ",
    make("span", { class: "role", text: say(`speaker.${entry.from}_role`) }),
  );
}

function meta(entry) {
  if (entry.from === "system") return null;
  const time = make("time", { datetime: new Date(entry.at).toISOString(), text: clock(entry.at) });
  const tick = entry.from === "seeker" ? make("span", { class: "tick" }) : null;
  return make("p", { class: "meta" }, time, tick);
}

function replies(entry, act) {
  if (!entry.buttons?.length) return null;
  const buttons = entry.buttons.map((button) =>
    make("button", {
      type: "button",
      class: button.payload === "warmline:urgent" ? "reply urgent-reply" : "reply",
      dir: "auto",
      text: button.title,
      on: { click: () => act.tap(button) },
    }),
  );
  return make("div", { class: "replies", role: "group", "aria-label": say("message.quick_replies") }, buttons);
}
