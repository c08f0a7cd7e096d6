// The crisis card. Numbers are dialled exactly as they stand on it.

import { make, words } from "./dom.js";
import { placeForm } from "./place.js";
import { say } from "./texts.js";

/**
 * `body.compact`: the whole card was shown a moment ago, so only whom to reach is shown again. With `act`, somebody whose
 * country is another one, or not known, can choose it here and now: `act.place(code)`.
 */
export function crisisCard(body, text, act = null) {
  const emergency = [body.emergency, ...(body.emergency_others ?? [])].filter(Boolean);
  const emergencyPart = make("div", { class: "emergency" }, emergency.map(emergencyNumber));
  const linesPart = body.lines?.length
    ? make("div", { class: "lines" }, words(body.heading ?? "", "heading"), make("ul", {}, body.lines.map(line)))
    : null;
  const after = body.emergency_sentence ? words(body.emergency_sentence, "urge") : null;
  return make(
    "section",
    { class: "crisis", "aria-label": say("urgent.label") },
    make("h2", { dir: "auto", text: body.headline ?? say("urgent.label") }),
    body.emergency_first ? emergencyPart : null,
    body.compact ? null : [told(body.opening), told(body.steps)],
    body.headline ? null : words(text ?? ""),
    body.emergency_first ? linesPart : [linesPart, after, emergencyPart],
    act && !(body.compact && body.country) ? placeForm(body.country ?? "", act.place) : null,
    body.compact ? null : [told(body.notes, "small"), told(body.closing)],
    body.question && !body.compact ? words(body.question, "question") : null,
  );
}

/** The card for when the service cannot be reached and no card was sent along. */
export function cardWhileAway() {
  return {
    headline: say("urgent.away_headline"),
    opening: [say("urgent.away_opening")],
    steps: [],
    emergency: { label: say("urgent.away_emergency_label"), number: say("urgent.away_number"), dial: "" },
    emergency_first: true,
    lines: [],
    closing: [say("urgent.away_steps"), say("urgent.away_closing")],
  };
}

function told(paragraphs, className) {
  return (paragraphs ?? []).map((paragraph) => words(paragraph, className));
}

function emergencyNumber(each) {
  const about = make("span", { class: "about", dir: "auto", text: each.label });
  if (!each.dial) return make("p", { class: "dial big" }, about, " ", make("strong", { dir: "auto", text: each.number }));
  const call = make("strong", { text: say("urgent.emergency", { number: each.number }) });
  return make("a", { class: "dial big", href: `tel:${dialled(each.dial)}` }, about, " ", call);
}

function line(each) {
  const dial = way(each);
  const told = [dial ? "" : each.how, each.hours].filter(Boolean).join(" · ");
  return make(
    "li",
    {},
    make("div", {}, make("p", { class: "name", dir: "auto", text: each.name }), told ? words(told, "how") : null),
    make("div", { class: "ways" }, dial, site(each)),
  );
}

// What the link says is the whole instruction, so that it can be read out or copied as well as tapped.
function way(each) {
  if (!each.dial) return null;
  if (each.channel === "voice") return link(`tel:${dialled(each.dial)}`, each.how, each.name);
  if (each.channel !== "sms") return null;
  const body = each.keyword ? `?&body=${encodeURIComponent(each.keyword)}` : "";
  return link(`sms:${dialled(each.dial)}${body}`, each.how, each.name);
}

function site(each) {
  if (!/^https?:\/\//.test(each.url ?? "")) return null;
  const text = say(each.channel === "chat" ? "urgent.chat" : "urgent.site");
  const away = link(each.url, text, each.name);
  away.target = "_blank";
  away.rel = "noopener noreferrer";
  away.append(make("span", { class: "unseen", text: ` (${say("urgent.new_window")})` }));
  return away;
}

function link(href, text, name) {
  return make("a", { class: "dial", href }, text, make("span", { class: "unseen", text: `: ${name}` }));
}

// Only what an address cannot hold is written differently; the telephone dials the same digits and signs.
function dialled(number) {
  return number.replace(/[#%\s]/g, (sign) => (sign.trim() ? encodeURIComponent(sign) : ""));
}
