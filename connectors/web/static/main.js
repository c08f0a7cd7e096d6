// The chat page: puts the line to the service, the feed, the composer and the panels together.

import { Attach } from "./attach.js";
import { forgetFiles } from "./attached.js";
import { cardWhileAway } from "./card.js";
import { Composer } from "./composer.js";
import { byId, make } from "./dom.js";
import { breathing, openExercise } from "./exercise.js";
import { COMMAND, takeHome } from "./export.js";
import { Feed } from "./feed.js";
import { kept } from "./kept.js";
import { Linking } from "./link.js";
import { setUpMenu } from "./menu.js";
import { outbox } from "./outbox.js";
import { Line } from "./protocol.js";
import { Panel } from "./embedded.js";
import { COMMAND as REPORT, Reporting } from "./report.js";
import { showStance, stanceText, Waiting } from "./stance.js";
import { countryName, loadFacts, say } from "./texts.js";

const TYPING_MS = 5000;
const CARD_MS = 4000;
const FACTS_AGAIN_MS = 2000;
const UNSEEN = ["feedback", "report"]; // kept until it is sent, and never an entry

async function factsAtLast(language) {
  for (;;) {
    try {
      return await loadFacts(language);
    } catch (problem) {
      console.warn(problem.message);
      await new Promise((resolve) => setTimeout(resolve, FACTS_AGAIN_MS));
    }
  }
}

const asked = new URLSearchParams(location.search);
const facts = await factsAtLast(document.documentElement.lang);
const country = kept.get("country") ?? asked.get("country");
const line = new Line({ language: facts.language, country });
const panel = new Panel();
const act = {
  tap: (button) => tap(button.payload, button.title),
  feedback: (answers) => line.post(answers),
  exercise: openExercise,
  link: () => linking.open(),
  breathe: () => openExercise(breathing()),
  another: () => tap("warmline:another", say("menu.another_label")),
  report: () => reporting.open(),
  place: (code) => {
    kept.set("country", code);
    askForUrgentHelp(`warmline:urgent:${code}`, say("urgent.label_in", { country: countryName(code) }));
  },
  take: () => takeHome(facts.language, banner),
  forget: () => tap("warmline:forget_confirmed", say("forget.label")),
  reload: (language) => {
    const next = new URLSearchParams(location.search);
    next.set("lang", language);
    location.replace(`${location.pathname}?${next}`);
  },
};
const feed = new Feed({ line: facts.line, act });
const attach = new Attach({ limit: facts.file_limit, about: () => ({ language: facts.language, country: kept.get("country") ?? asked.get("country") }) });
const composer = new Composer({
  limit: facts.limit,
  send: write,
  typing: () => line.typing(),
  attach,
  said: ({ card }) => card && showCard(card),
});
const linking = new Linking((code) => line.link(code));
const reporting = new Reporting((frame) => line.post(frame));
const waiting = new Waiting({ breathe: act.breathe });
let state = null;
let newest = 0;
let connected = false;
let cardTimer = 0;
let typingTimer = 0;

setUpMenu(facts, act);
for (const item of outbox.all()) if (!UNSEEN.includes(item.type)) feed.pend(item);
byId("urgent").addEventListener("click", () => askForUrgentHelp());
document.addEventListener("visibilitychange", () => acknowledge());
panel.onShown = () => acknowledge();

function write(text) {
  if (text.trim().toLowerCase() === COMMAND) return void act.take();
  if (REPORT.test(text)) return void reporting.open(text.replace(REPORT, ""));
  feed.pend(line.post({ type: "say", text }));
  if (!connected) feed.waits();
}

function tap(payload, label) {
  feed.pend(line.post({ type: "tap", payload, label }));
  if (!connected) feed.waits();
  composer.focus();
}

function askForUrgentHelp(payload = "warmline:urgent", label = say("urgent.label")) {
  tap(payload, label);
  stopWaitingForCard();
  cardTimer = setTimeout(showHelpWhileAway, connected ? CARD_MS : 0);
}

function showHelpWhileAway() {
  stopWaitingForCard();
  showCard(facts.urgent ?? cardWhileAway());
}

function stopWaitingForCard() {
  clearTimeout(cardTimer);
  cardTimer = 0;
}

function showCard(body) {
  feed.showAway(body);
  announce(body);
}

function announce(body) {
  byId("alert").textContent = say("urgent.announce", { headline: body.headline ?? "" });
}

function acknowledge() {
  if (newest) line.acknowledge(newest, !document.hidden && panel.isShown);
}

function banner(text, action = null) {
  byId("banner").replaceChildren(...(text ? [make("p", { text }), action].filter(Boolean) : []));
}

function showState() {
  showStance(connected ? stanceText(state) : say(navigator.onLine ? "stance.connecting" : "stance.offline"), state?.phase);
  waiting.show(connected ? state : null);
}

function showTyping(text) {
  byId("typing").textContent = text;
  clearTimeout(typingTimer);
  if (text) typingTimer = setTimeout(() => showTyping(""), TYPING_MS);
}

const heard = {
  status({ status }) {
    connected = status === "open";
    if (status === "open") banner("");
    if (status === "offline") banner(say("connection.offline"));
    if (status === "lost" && newest) banner(say("connection.reconnecting"));
    if (!connected) {
      feed.waits();
      showTyping("");
    }
    showState();
  },
  welcome(frame) {
    if (frame.anew) {
      newest = 0;
      feed.clear();
      for (const item of outbox.all()) if (!UNSEEN.includes(item.type)) feed.pend(item);
    }
    if (newest === 0) feed.quietUntil(frame.seq ?? 0);
    if (frame.renewed) banner(say(`connection.${frame.renewed}`));
    if (frame.seq === null) banner(say("connection.store_down"));
  },
  entry(entry) {
    const isNew = entry.at > Date.now() - CARD_MS * 5;
    feed.add(entry);
    newest = entry.seq;
    if (entry.from !== "seeker") showTyping("");
    else if (isNew && state?.phase === "intake") showTyping(say("message.typing_bot"));
    if (entry.kind === "card") {
      stopWaitingForCard();
      if (isNew) announce(entry.body ?? {});
    }
    if (entry.kind !== "edit" && entry.kind !== "unsaid") panel.came(entry);
    acknowledge();
  },
  state(frame) {
    state = frame;
    showState();
  },
  marks: (marks) => feed.mark(marks),
  typing({ from, name }) {
    if (from === "bot") showTyping(say("message.typing_bot"));
    else showTyping(name ? say("message.typing_supporter", { name }) : say("message.typing_unnamed"));
  },
  card: ({ body }) => showCard(body),
  link: (answer) => linking.answer(answer),
  sent({ id }) {
    feed.saved(id);
    reporting.done(id);
    banner("");
  },
  unsent(detail) {
    if (detail.item.type === "report") reporting.failed(detail.next);
    else feed.unsent(detail, (text) => composer.putBack(text));
  },
  troubled({ next }) {
    if (cardTimer) showHelpWhileAway();
    feed.waits();
    banner(next);
  },
  ended({ next }) {
    const again = make("button", { type: "button", class: "soft", text: say("connection.try_again") });
    again.addEventListener("click", () => location.reload());
    banner(next || say("connection.ended"), again);
  },
  erased: () => showErased(),
};
for (const [type, listener] of Object.entries(heard)) {
  line.addEventListener(type, (event) => listener(event.detail));
}

function showErased() {
  for (const key of kept.keys("")) if (key !== "theme") kept.remove(key);
  composer.clear();
  attach.drop();
  forgetFiles();
  feed.clear();
  banner("");
  waiting.show(null);
  showStance("", "none");
  byId("composer").hidden = true;
  const again = make("button", { type: "button", class: "soft strong", text: say("forget.again") });
  again.addEventListener("click", () => location.reload());
  const heading = make("h2", { text: say("forget.done_heading"), tabindex: "-1" });
  byId("log").append(make("section", { class: "erased" }, heading, make("p", { text: say("forget.done") }), again));
  heading.focus();
}

line.connect();
