// All conversations of this desk: side by side where there is room, one at a time behind tabs where there is not.
import { h, keep, say, show } from "./dom.js";
import { announce, pass } from "./notice.js";
import { Room } from "./room.js";
import { callName, has, short, t } from "./words.js";

export class Rooms {
  #rooms = new Map();
  #leaving = new Map();
  #tabs = new Map();
  #front = null;

  constructor(state, parts) {
    Object.assign(this, { state, parts });
    this.tabs = h("nav", { class: "tabs", "aria-label": t("rooms.tabs") });
    this.row = h("div", { class: "rooms" });
    this.empty = h("div", { class: "empty" }, h("img", { src: "/console/static/lamp.svg", alt: "", width: "56", height: "56" }), h("p", { class: "empty-words" }, t("rooms.empty")), h("p", { class: "muted" }, t("rooms.empty_hint")));
    this.node = h("main", { class: "desk-main", id: "rooms", tabindex: "-1", "aria-label": t("rooms.heading") }, this.tabs, this.row, this.empty);
    state.on("mine", (frame) => this.#mine(frame));
    state.on("entry", (frame) => this.#entry(frame));
    state.on("margin", (frame) => this.#rooms.get(frame.conversation)?.refresh());
    state.on("marks", (frame) => this.#rooms.get(frame.conversation)?.refresh());
    state.on("typing", (frame) => this.#rooms.get(frame.conversation)?.sawTyping());
    state.on("erased", (frame) => this.#leave(frame.conversation, "erased"));
    document.addEventListener("visibilitychange", () => this.#saw());
    this.#draw();
  }

  get front() {
    return this.#rooms.get(this.#front) ?? null;
  }

  get unread() {
    return [...this.state.conversations.values()].reduce((sum, known) => sum + known.unread, 0);
  }

  refresh() {
    this.#rooms.forEach((room) => room.refresh());
  }

  nth(place) {
    const id = [...this.#all().keys()][place];
    if (id) this.toFront(id, true);
  }

  toFront(id, focus = false) {
    this.#front = id;
    this.#draw();
    if (focus) this.#rooms.get(id)?.focus();
    this.#rooms.get(id)?.node.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#saw();
  }

  nudge(id, kind) {
    const room = this.#rooms.get(id);
    const who = room ? callName(room.view) : short(id);
    room?.nudged();
    return has(`room.nudge_${kind}`) ? t(`room.nudge_${kind}`, { who }) : t("room.nudge_other", { who });
  }

  // --- changes ------------------------------------------------------------------------------------------------------

  #mine(frame) {
    frame.left.forEach((known) => this.#leave(known.view.id, known.left?.why ?? "queue", known.left?.holder));
    for (const known of this.state.conversations.values()) {
      const room = this.#rooms.get(known.view.id);
      if (room) room.update();
      else this.#enter(known);
    }
    this.#draw();
  }

  #enter(known) {
    const id = known.view.id;
    this.#leaving.delete(id);
    this.#rooms.set(id, new Room(known, { ...this.parts, onFront: () => { if (this.#front !== id) this.toFront(id); else this.#saw(); } }));
    this.#tabs.delete(id);
    this.toFront(id);
    if (this.parts.accepted.delete(id)) this.#rooms.get(id).focus();
  }

  // A lead who read along is not told goodbye; an end that one brought about oneself is said in passing.
  #leave(id, why, holder = "") {
    const room = this.#rooms.get(id);
    if (!room) return;
    this.#rooms.delete(id);
    const { mine } = room.view;
    const words = t(`room.gone_${why}`, { holder });
    const unsent = room.leave(words, () => this.#putAway(id));
    const expected = this.parts.done.delete(id) || why === "closed";
    if (mine && (unsent || !expected)) this.#leaving.set(id, room);
    if (mine && expected) pass(`${callName(room.view)}: ${words}`);
    if (mine) announce(`${callName(room.view)}: ${words}`);
    this.#draw();
  }

  #putAway(id) {
    this.#leaving.delete(id);
    this.#draw();
    this.node.focus();
  }

  #entry(frame) {
    if (!frame.fresh) return;
    const room = this.#rooms.get(frame.conversation);
    const known = this.state.conversations.get(frame.conversation);
    if (!room) return;
    const mineNow = frame.refers && this.parts.link.drop(frame.refers);
    room.addEntry(frame);
    const live = !known.view.claimed_at || frame.at >= known.view.claimed_at;
    if (frame.from !== "seeker" || mineNow || !live || !known.caughtUp) return;
    known.unread += 1;
    this.parts.onMessage(room, frame, this.#isSeen(frame.conversation));
    this.#saw();
  }

  // --- drawing ------------------------------------------------------------------------------------------------------

  #all() {
    return new Map([...this.#rooms, ...this.#leaving]);
  }

  #draw() {
    const all = this.#all();
    if (!all.has(this.#front)) this.#front = [...all.keys()][0] ?? null;
    keep(this.row, [...all.keys()], new Map([...all].map(([id, room]) => [id, room])), (id) => all.get(id));
    for (const child of [...this.row.children]) if (![...all.values()].some((room) => room.node === child)) child.remove();
    keep(this.tabs, [...all.keys()], this.#tabs, (id) => this.#tab(id));
    for (const [id, room] of all) {
      const isFront = id === this.#front;
      room.node.classList.toggle("front", isFront);
      this.#tabs.get(id).update(room, isFront, this.state.conversations.get(id)?.unread ?? 0);
    }
    show(this.empty, all.size === 0);
    show(this.tabs, all.size > 1);
    this.row.dataset.count = String(all.size);
  }

  #tab(id) {
    const name = h("span", { class: "tab-name" });
    const count = h("span", { class: "tab-count" });
    const node = h("button", { class: "tab", onclick: () => this.toFront(id, true) }, h("span", { class: "tab-tier", "aria-hidden": "true" }), name, count);
    const update = (room, isFront, unread) => {
      say(name, callName(room.view));
      say(count, unread ? t("rooms.unread", { count: unread }) : "");
      node.dataset.tier = room.view.tier;
      node.setAttribute("aria-current", String(isFront));
      node.setAttribute("aria-label", [t("rooms.switch_to", { who: callName(room.view) }), unread ? t("rooms.unread", { count: unread }) : ""].filter(Boolean).join(", "));
    };
    return { node, update };
  }

  #isSeen(id) {
    const room = this.#rooms.get(id);
    return Boolean(room) && document.visibilityState === "visible" && document.hasFocus() && room.node.offsetParent !== null && this.#front === id;
  }

  #saw() {
    if (this.#front && this.#isSeen(this.#front)) this.#rooms.get(this.#front).sawAll();
    this.#draw();
    this.parts.onCounts();
  }
}
