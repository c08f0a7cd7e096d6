// The desk: fetch the words, open the socket, put the parts together.
import { askDialog } from "./ask-dialog.js";
import { Alerts, Board } from "./board.js";
import { setClock } from "./clock.js";
import { Deeds } from "./deeds.js";
import { DeskState } from "./desk-state.js";
import { fill, h, say, show } from "./dom.js";
import { dropAllDrafts } from "./drafts.js";
import { showKeys, takeKeys } from "./keys.js";
import { kindOfFile } from "./files.js";
import { Link } from "./link.js";
import { announce, countInTitle, noticeParts, pass, ring } from "./notice.js";
import { Rail } from "./rail.js";
import { Rooms } from "./rooms.js";
import { setSound, soundOn } from "./sound.js";
import { chosenTheme, nextTheme } from "./theme.js";
import { callName, learn, t } from "./words.js";

const CALM_NUDGES = ["lapsed", "erased", "taken"];
const root = document.getElementById("desk");

async function start() {
  const answer = await fetch("/console/words", { cache: "no-store" }).catch(() => ({ ok: false }));
  if (answer.status === 401) return location.assign("/console/sign-in");
  if (!answer.ok) return setTimeout(start, 2000);
  const words = await answer.json();
  learn(words.words, words.language);
  return new Desk(words).open();
}

class Desk {
  #limit = 4000;
  #caught = false;

  constructor(words) {
    this.words = words;
    this.state = new DeskState();
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.link = new Link({
      url: `${scheme}//${location.host}/console/ws`, hello: () => this.state.held(), on: (frame) => this.#take(frame), onState: (state) => this.#linkState(state),
    });
    const plain = new Deeds(this.link, this.state, words);
    this.accepted = new Set();
    this.done = new Set();
    this.deeds = plain;
    this.#rememberDeeds(plain);
    this.rail = new Rail(this.state, plain);
    this.rooms = new Rooms(this.state, {
      link: this.link, deeds: plain, words, limit: () => this.#limit, accepted: this.accepted, done: this.done,
      onMessage: (room, entry, seen) => this.#message(room, entry, seen), onCounts: () => this.#counts(),
    });
    this.#build();
    this.#listen();
    takeKeys(this.rooms, this.rail);
  }

  open() {
    this.link.open();
  }

  // What one did oneself decides where the focus goes and what is said afterwards.
  #rememberDeeds(deeds) {
    const act = deeds.do.bind(deeds);
    deeds.do = async (frame) => {
      if (["accept", "takeover", "look", "join"].includes(frame.type)) this.accepted.add(frame.conversation);
      if (["close", "release", "transfer"].includes(frame.type) && !deeds.staysAfter(frame)) this.done.add(frame.conversation);
      const problem = await act(frame);
      if (problem) [this.accepted, this.done].forEach((set) => set.delete(frame.conversation));
      return problem;
    };
  }

  #build() {
    this.banner = h("div", { class: "banner", role: "status", hidden: true });
    this.name = h("span", { class: "top-name" });
    const board = new Board(this.state, this.deeds);
    const alerts = new Alerts(this.state, this.deeds);
    const top = h("header", { class: "top" },
      h("a", { class: "skip", href: "#rooms" }, t("skip")),
      h("img", { src: "/console/static/lamp.svg", alt: "", width: "28", height: "28" }),
      h("h1", {}, this.words.line), h("span", { class: "top-gap" }), this.name, this.#soundButton(), this.#themeButton(),
      h("button", { class: "quiet small", onclick: showKeys }, t("help")),
      h("button", { class: "quiet small", onclick: () => this.#signOut() }, t("sign_out")));
    fill(root, top, this.banner, alerts.node, board.node, h("div", { class: "desk" }, this.rail.node, this.rooms.node), ...noticeParts());
  }

  #soundButton() {
    const words = () => t(soundOn ? "sound.sounding" : "sound.silent");
    const button = h("button", { class: "quiet small", "aria-pressed": String(soundOn), onclick: () => {
      setSound(!soundOn);
      button.setAttribute("aria-pressed", String(soundOn));
      say(button, words());
    } }, words());
    return button;
  }

  #themeButton() {
    const button = h("button", { class: "quiet small", onclick: () => say(button, t(`theme.${nextTheme()}`)) }, t(`theme.${chosenTheme()}`));
    return button;
  }

  #signOut() {
    this.deeds.signOut(dropAllDrafts);
  }

  #listen() {
    this.state.on("me", () => say(this.name, [this.state.me.name, this.state.me.lead ? t("lead") : ""].filter(Boolean).join(" · ")));
    this.state.on("offers", (frame) => this.#offers(frame));
    this.state.on("alerts", (frame) => this.#alerts(frame));
    this.state.on("nudge", (frame) => this.#nudge(frame));
    this.state.on("trouble", () => this.#banner());
  }

  #take(frame) {
    if (frame.type === "welcome") {
      setClock(frame.now);
      this.#limit = frame.message_limit;
    }
    if (frame.type === "pong") setClock(frame.now);
    if (frame.type === "bye" && frame.again === null) this.#over(frame);
    this.state.take(frame);
    if (frame.type === "marks") this.#markCaughtUp(frame.conversation);
    if (frame.type === "ok" || frame.type === "refused") this.rooms.refresh();
  }

  // The marks come after the last entry that was missed: what comes from now on is new.
  #markCaughtUp(conversation) {
    const known = this.state.conversations.get(conversation);
    if (known) known.caughtUp = true;
  }

  #linkState(state) {
    if (state === "open" && this.linkState === "lost") announce(t("link.back"));
    this.linkState = state;
    this.#banner();
    this.rooms?.refresh();
  }

  #banner() {
    const lost = this.linkState === "lost";
    const words = lost ? t("link.lost") : this.state.storeDown ? t("link.store_down") : this.linkState === "opening" ? t("link.opening") : "";
    show(say(this.banner, words), Boolean(words));
    this.banner.classList.toggle("trouble", lost || this.state.storeDown);
  }

  #offers(frame) {
    if (this.#caught && frame.arrived.length) {
      const first = frame.arrived[0];
      ring(frame.arrived.some((offer) => offer.yours) ? "urgent" : "offer");
      announce(t("offers.arrived", { tier: t(`tier.${first.tier}`) }), first.yours);
    }
    this.#caught = true;
    this.#counts();
  }

  #alerts(frame) {
    if (!frame.arrived.length) return;
    ring(frame.arrived.some((alert) => alert.urgent) ? "urgent" : "alert");
    frame.arrived.forEach((alert) => announce(t("alerts.arrived", { text: alert.text }), alert.urgent));
    this.#counts();
  }

  #nudge({ conversation, kind }) {
    if (kind === "debrief") return void askDialog({ heading: t("debrief.heading"), words: t("debrief.words"), done: t("done") });
    const words = this.rooms.nudge(conversation, kind);
    ring(CALM_NUDGES.includes(kind) ? "message" : "urgent");
    announce(words, true);
    pass(words, "nudge");
  }

  #message(room, entry, seen) {
    const who = callName(room.view);
    announce(seen ? t("talk.new_message", { who, text: entry.text || kindOfFile(entry.body) }) : t("talk.new_elsewhere", { who }));
    if (!seen) ring("message");
  }

  #counts() {
    const count = (this.rooms?.unread ?? 0) + this.state.offers.length + this.state.alerts.length;
    countInTitle(count, this.words.line);
  }

  #over(bye) {
    fill(root, h("div", { class: "over" }, h("main", { class: "door" },
      h("h1", {}, t("link.over")), h("p", { role: "alert" }, bye.next),
      h("p", {}, h("a", { class: "button primary", href: "/console" }, t("link.reload"))))));
    document.querySelectorAll("dialog").forEach((dialog) => dialog.remove());
  }
}

start();
