// The feed on the page: entries in order, one's own words that are on their way, ticks, day lines, staying at the end.

import { byId, make } from "./dom.js";
import { crisisCard } from "./card.js";
import { entryElement, pendingElement, reword, showTick, takeBack } from "./entry.js";
import { day, say, startOfDay } from "./texts.js";

const NEAR_THE_END = 80;
const HEADROOM = 12;
const BURST_MS = 1500;
const SAME_BREATH_MS = 5 * 60_000;

export class Feed {
  #log = byId("log");
  #newer = byId("newer");
  #context;
  #previous = null;
  #pending = new Map();
  #entries = new Map();
  #marks = { delivered: 0, read: 0 };
  #away = null;
  #quietUntil = 0;
  #placedAt = 0;
  #follow = true;
  #burst = { start: null, at: -Infinity };

  /** `context`: `line` (its name) and `act` (what the controls do). */
  constructor(context) {
    this.#context = context;
    this.#log.addEventListener("scroll", () => this.#atTheEnd() && this.#newer.replaceChildren());
    new ResizeObserver(() => this.#follow && this.#toTheEnd()).observe(this.#log);
    this.#log.addEventListener("scroll", () => (this.#follow = this.#isWhereItWasPut()));
  }

  /** Entries up to `seq` were there before the page was opened: they are not read out one by one. */
  quietUntil(seq) {
    this.#quietUntil = seq;
    this.#log.setAttribute("aria-live", seq > 0 ? "off" : "polite");
  }

  clear() {
    this.#log.replaceChildren();
    this.#newer.replaceChildren();
    this.#previous = null;
    this.#pending.clear();
    this.#entries.clear();
    this.#away = null;
  }

  add(entry) {
    if (entry.kind === "edit" || entry.kind === "unsaid") return this.#change(entry);
    if (entry.seq > this.#quietUntil) this.#log.setAttribute("aria-live", "polite");
    if (entry.refers) this.#drop(entry.refers);
    if (entry.kind === "card") this.hideAway();
    if (entry.from === "seeker") this.#endReplies();
    const element = entryElement(entry, this.#context, this.#entries.get(entry.answers)?.entry);
    this.#entries.set(entry.seq, { entry, element });
    if (this.#continues(entry)) element.classList.add("follows");
    this.#place(entry.seq > this.#quietUntil, this.#dayLine(entry), element);
    this.#previous = entry;
    if (entry.from === "seeker") this.#tick(element, entry.seq);
    if (entry.seq >= this.#quietUntil) this.#log.setAttribute("aria-live", "polite");
  }

  /** Show kept words that are not saved yet. */
  pend(item) {
    if (this.#pending.has(item.id)) return;
    const element = pendingElement(item);
    this.#pending.set(item.id, element);
    this.#endReplies();
    this.#log.append(element);
    this.#toTheEnd();
  }

  /** Saved; the entry itself follows. */
  saved(id) {
    const element = this.#pending.get(id);
    if (element) showTick(element, "delivered");
  }

  /** Not connected: what is pending waits. */
  waits() {
    for (const element of this.#pending.values()) showTick(element, "waiting");
  }

  /** Will never be sent as it is: say why, and let the words be edited. */
  unsent({ item, next }, putBack) {
    const element = this.#pending.get(item.id);
    if (!element) return;
    element.classList.add("unsent");
    const back = make("button", { type: "button", class: "soft", text: say("message.put_back") });
    back.addEventListener("click", () => {
      this.#drop(item.id);
      putBack(item.text ?? "");
    });
    const why = make("p", { class: "why", role: "alert", text: `${say("message.not_sent")}. ${next}` });
    element.querySelector(".meta").replaceWith(why);
    if (item.text) why.after(back);
  }

  mark(marks) {
    this.#marks = marks;
    for (const element of this.#log.querySelectorAll(".from-seeker[data-seq]")) {
      this.#tick(element, Number(element.dataset.seq));
    }
  }

  /** A card that is not in the feed: the service cannot save anything now, or cannot be reached. */
  showAway(body) {
    this.hideAway();
    this.#away = make("article", { class: "entry from-system kind-card" }, make("div", { class: "said" }, crisisCard(body)));
    this.#log.append(this.#away);
    this.#toTheEnd();
  }

  hideAway() {
    this.#away?.remove();
    this.#away = null;
  }

  #place(isNew, ...elements) {
    const atTheEnd = this.#atTheEnd();
    const firstPending = this.#log.querySelector(".pending") ?? this.#away;
    if (firstPending) firstPending.before(...elements.filter(Boolean));
    else this.#log.append(...elements.filter(Boolean));
    const sameBurst = this.#burstTo(elements.at(-1), isNew);
    if (atTheEnd || sameBurst || elements.at(-1).matches(".from-seeker, .kind-card")) this.#toTheEnd();
    else this.#offerNewer();
  }

  // What comes together is read from its beginning, so the view never goes past that. Returns whether it goes on.
  #burstTo(element, isNew) {
    const now = performance.now();
    const goesOn = isNew && now - this.#burst.at < BURST_MS && this.#burst.start?.isConnected && !element.matches(".kind-card");
    if (!goesOn) this.#burst.start = isNew ? element : null;
    this.#burst.at = now;
    return Boolean(goesOn) && this.#follow;
  }

  // The newest entry of the same speaker with the same key; a page that does not hold it has nothing to change.
  #change(change) {
    const same = ({ entry }) => change.key && entry.key === change.key && entry.from === change.from;
    const found = [...this.#entries.values()].reverse().find(same);
    if (!found) return;
    found.entry = { ...found.entry, text: change.text };
    this.#entries.set(found.entry.seq, found);
    if (change.kind === "edit") reword(found.element, change.text);
    else {
      takeBack(found.element, change);
      this.#entries.delete(found.entry.seq);
    }
  }

  #drop(id) {
    this.#pending.get(id)?.remove();
    this.#pending.delete(id);
  }

  #continues(entry) {
    const before = this.#previous;
    return Boolean(
      before &&
        before.from === entry.from &&
        before.name === entry.name &&
        entry.from !== "system" &&
        entry.at - before.at < SAME_BREATH_MS,
    );
  }

  #dayLine(entry) {
    const same = this.#previous && startOfDay(this.#previous.at) === startOfDay(entry.at);
    return same ? null : make("p", { class: "day" }, make("span", { text: day(entry.at) }));
  }

  // Whatever a person says answers the quick replies before it.
  #endReplies() {
    for (const replies of this.#log.querySelectorAll(".replies")) replies.remove();
  }

  #tick(element, seq) {
    showTick(element, seq <= this.#marks.read ? "read" : "delivered");
  }

  #atTheEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_THE_END;
  }

  #toTheEnd() {
    this.#follow = true;
    const start = this.#burst.start?.isConnected ? this.#burst.start.offsetTop - HEADROOM : Infinity;
    this.#placedAt = Math.min(this.#log.scrollHeight - this.#log.clientHeight, start);
    this.#log.scrollTop = this.#placedAt;
    this.#newer.replaceChildren();
    if (!this.#atTheEnd() && !this.#burst.start?.matches(".kind-card")) this.#offerNewer();
  }

  #isWhereItWasPut() {
    return this.#atTheEnd() || Math.abs(this.#log.scrollTop - this.#placedAt) < 2;
  }

  #offerNewer() {
    const button = make("button", { type: "button", class: "soft", text: say("message.newer") });
    button.addEventListener("click", () => {
      this.#burst.start = null;
      this.#toTheEnd();
    });
    this.#newer.replaceChildren(button);
  }
}
