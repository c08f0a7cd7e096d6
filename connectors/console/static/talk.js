// The transcript: what was said, who said it, and how far it got.
import { hour } from "./clock.js";
import { fill, h, say, show } from "./dom.js";
import { fileNode, forgetFiles, kindOfFile } from "./files.js";
import { markButtons } from "./marking.js";
import { callName, counted, has, t } from "./words.js";

const LAST_SHOWN = 4;
const NEAR_END = 80;
const QUOTED = 80;
const CHANGEABLE = 5;
const OURS = /^[A-Za-z0-9_-]{1,64}$/;

export class Talk {
  #lines = new Map();
  #pending = new Map();
  #unfolded = false;
  #atEnd = true;
  #size = "";

  constructor(known, { onTakeBack, onDrop, onChange, onMark, myName }) {
    Object.assign(this, { known, onTakeBack, onDrop, onChange, onMark, myName });
    this.fold = h("button", { class: "fold quiet", "aria-expanded": "false", onclick: () => this.#toggle() });
    this.earlier = h("ol", { class: "lines earlier", hidden: true });
    this.list = h("ol", { class: "lines" });
    this.kept = h("ol", { class: "lines kept" });
    this.scroll = h("div", { class: "talk", role: "log", "aria-live": "off", "aria-label": t("talk.label"), tabindex: "0", onscroll: () => this.#scrolled() },
      this.fold, this.earlier, this.list, this.kept);
    this.jump = h("button", { class: "jump", hidden: true, onclick: () => this.toEnd() }, t("talk.jump"));
    this.node = h("div", { class: "talk-box" }, this.scroll, this.jump);
    known.entries.forEach((entry) => this.#place(entry));
    this.refresh();
    const steady = new ResizeObserver(() => this.#atEnd && this.toEnd());
    [this.scroll, this.list, this.kept].forEach((part) => steady.observe(part));
  }

  add(entry) {
    this.#place(entry);
    this.refresh();
    if (this.#atEnd) this.toEnd();
    else show(this.jump, true);
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.#atEnd = true;
    show(this.jump, false);
  }

  forget() {
    forgetFiles(this.node);
  }

  // Shows the message a reason came from.
  goTo(seq) {
    if (!this.#unfolded) this.#toggle();
    const line = this.#lines.get(seq)?.node;
    if (!line) return;
    line.scrollIntoView({ block: "center" });
    line.tabIndex = -1;
    line.focus();
    line.classList.add("pointed");
    setTimeout(() => line.classList.remove("pointed"), 4000);
  }

  // Folds what was before, marks how far our words got, draws what is not sent yet.
  refresh(unsent = []) {
    this.#foldEarlier();
    const { delivered, read } = this.known;
    for (const { entry, state } of this.#lines.values()) {
      if (state) say(state, t(entry.seq <= read ? "talk.read" : entry.seq <= delivered ? "talk.delivered" : "talk.sent"));
    }
    this.#drawUnsent(unsent);
    this.#offerChanges();
  }

  // What one wrote last can be changed here, where it was written.
  #offerChanges() {
    const mine = [...this.#lines.values()].filter(({ change }) => change);
    mine.forEach(({ change }, place) => show(change, this.known.view.mine && place >= mine.length - CHANGEABLE));
  }

  #place(entry) {
    if (entry.kind === "edit" || entry.kind === "unsaid") return this.#change(entry);
    const line = this.#line(entry);
    this.#lines.set(entry.seq, { ...line, entry });
    this.list.append(line.node);
    return undefined;
  }

  // The newest line of the same speaker with the same key; the earlier words stay to be looked up. New words for what
  // is not shown here (somebody else's conversation, or not shared) are a line of their own.
  #change(change) {
    const same = ({ entry }) => change.key && entry.key === change.key && entry.from === change.from;
    const line = [...this.#lines.values()].reverse().find(same);
    if (!line?.bubble) return change.kind === "edit" ? this.#place({ ...change, kind: "text" }) : undefined;
    return change.kind === "unsaid" ? this.#unsaid(line, change) : this.#reworded(line, change.text);
  }

  #unsaid(line, change) {
    const who = change.from === "seeker" ? t("talk.you") : callName(this.known.view);
    line.node.classList.add("taken-back");
    line.bubble.append(h("p", { class: "changed" }, t("talk.taken_back", { who })));
    line.change?.remove();
    line.change = null;
  }

  #reworded(line, text) {
    line.earlier = [...(line.earlier ?? []), line.entry.text];
    line.entry = { ...line.entry, text };
    const words = line.bubble.querySelector(":scope > .words");
    if (words) say(words, text);
    else line.bubble.append(h("p", { class: "words", dir: "auto" }, text));
    line.bubble.querySelector("details")?.remove();
    const earlier = line.earlier.map((each) => h("p", { class: "words", dir: "auto" }, each));
    line.bubble.append(h("details", { class: "changed" }, h("summary", {}, counted("talk.edited", line.earlier.length)), ...earlier));
    line.change?.setAttribute("aria-label", t("talk.change_long", { text }));
  }

  #foldEarlier() {
    const { claimed_at: claimed, mine } = this.known.view;
    const before = [...this.#lines.values()].filter(({ entry }) => mine && (entry.kind === "withheld" || entry.at < claimed));
    const folded = before.slice(0, Math.max(0, before.length - LAST_SHOWN));
    for (const { node } of folded) if (node.parentNode !== this.earlier) this.earlier.append(node);
    const hidden = folded.filter(({ entry }) => entry.kind === "withheld").length;
    const shown = folded.length - hidden;
    show(this.fold, shown > 0);
    say(this.fold, this.#unfolded ? t("talk.hide_earlier") : counted("talk.show_earlier", shown));
    show(this.earlier, this.#unfolded);
    this.#drawWithheld(before.filter(({ entry }) => entry.kind === "withheld").length);
    this.#drawJoined(before);
  }

  #drawWithheld(count) {
    if (!count) return;
    this.withheld ??= this.list.parentNode.insertBefore(h("p", { class: "line-notice withheld" }), this.fold);
    say(this.withheld, counted("talk.withheld", count, { who: callName(this.known.view) }));
  }

  #drawJoined(before) {
    if (!this.known.view.mine || !before.length) return;
    const first = [...this.#lines.values()].find(({ node, entry }) => node.parentNode === this.list && !before.some((each) => each.entry === entry));
    this.joined ??= h("li", { class: "joined" }, h("span", {}, t("talk.joined")));
    if (this.joined.nextSibling !== (first?.node ?? null) || this.joined.parentNode !== this.list) this.list.insertBefore(this.joined, first?.node ?? null);
  }

  #drawUnsent(unsent) {
    for (const [id, part] of this.#pending) {
      if (!unsent.some((each) => each.id === id)) {
        part.node.remove();
        this.#pending.delete(id);
      }
    }
    for (const each of unsent) {
      if (!this.#pending.has(each.id)) this.#addUnsent(each);
      this.#pending.get(each.id).update(each);
    }
  }

  #addUnsent(kept) {
    const state = h("span", { class: "line-state" });
    const row = h("p", { class: "unsent-row", hidden: true },
      h("button", { class: "quiet small", onclick: () => this.onTakeBack(kept.id) }, t("talk.take_back")),
      h("button", { class: "quiet small", onclick: () => this.onDrop(kept.id) }, t("talk.drop")));
    const node = h("li", { class: "line from-supporter own unsent" }, h("div", { class: "bubble" }, h("p", { class: "words", dir: "auto" }, kept.text)), h("p", { class: "line-foot" }, state), row);
    const update = (now) => {
      say(state, now.why ? t("talk.not_sent", { why: now.why }) : t(now.last ? "talk.sending" : "talk.waiting"));
      node.classList.toggle("failed", Boolean(now.why));
      show(row, Boolean(now.why));
    };
    this.#pending.set(kept.id, { node, update });
    this.kept.append(node);
    this.toEnd();
  }

  #toggle() {
    this.#unfolded = !this.#unfolded;
    this.fold.setAttribute("aria-expanded", String(this.#unfolded));
    this.#foldEarlier();
  }

  #nearEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_END;
  }

  #scrolled() {
    const { scrollHeight, clientHeight } = this.scroll;
    const size = `${scrollHeight}:${clientHeight}`;
    if (size === this.#size) this.#atEnd = this.#nearEnd(); // else it moved because the page did, not because of a hand
    this.#size = size;
    if (this.#atEnd) show(this.jump, false);
  }

  // --- one line -----------------------------------------------------------------------------------------------------

  #line(entry) {
    if (entry.kind === "withheld") return { node: h("li", { hidden: true }) };
    if (entry.kind === "card") return { node: this.#card(entry) };
    if (entry.kind === "feedback") return { node: h("li", { class: "line-notice" }, t("talk.feedback")) };
    if (entry.from === "system" || entry.kind === "notice") return { node: this.#notice(entry) };
    return this.#bubble(entry);
  }

  #speaker(entry) {
    if (entry.from === "seeker") return callName(this.known.view);
    if (entry.from === "bot") return t("talk.bot");
    return entry.name || t("talk.you");
  }

  #bubble(entry) {
    const state = entry.from === "supporter" ? h("span", { class: "line-state" }) : null;
    const foot = h("p", { class: "line-foot" }, h("span", { class: "line-who" }, this.#speaker(entry)), h("time", { datetime: new Date(entry.at).toISOString() }, hour(entry.at)), state);
    const bubble = h("div", { class: "bubble" },
      this.#quote(entry.answers),
      ...this.#content(entry),
      entry.choices.length ? h("p", { class: "choices-offered" }, t("talk.choices", { choices: entry.choices.join(" · ") })) : null);
    const change = this.#changeButton(entry);
    if (change) foot.append(change);
    if (entry.from === "seeker" && entry.text) foot.append(this.#marks(entry));
    return { node: h("li", { class: `line from-${entry.from}` }, bubble, foot), state, bubble, change };
  }

  #content(entry) {
    if (entry.kind === "resource") return this.#resource(entry.body ?? {}, entry.text);
    const words = h("p", { class: "words", dir: "auto" }, entry.text);
    if (entry.kind !== "file") return [words];
    return [fileNode(entry, entry.from === "supporter" ? "" : this.#speaker(entry)), entry.text ? words : null];
  }

  #marks(entry) {
    const flagged = this.known.view.reasons.some((reason) => reason.seq === entry.seq);
    return markButtons(entry, flagged, (verdict) => this.onMark(entry, verdict));
  }

  #changeButton(entry) {
    const mine = entry.from === "supporter" && ["text", "file"].includes(entry.kind) && OURS.test(entry.refers) && entry.name === this.myName();
    if (!mine) return null;
    const text = entry.text || kindOfFile(entry.body);
    return h("button", { type: "button", class: "quiet small line-change", hidden: true, "aria-label": t("talk.change_long", { text }), onclick: () => this.onChange(this.#lines.get(entry.seq).entry) }, t("talk.change"));
  }

  #quote(seq) {
    const answered = this.#lines.get(seq)?.entry;
    if (!answered || answered.kind === "withheld") return null;
    const said = answered.text || (answered.kind === "file" ? kindOfFile(answered.body) : "");
    const letters = [...said.replace(/\s+/g, " ")];
    const quote = letters.length > QUOTED ? `${letters.slice(0, QUOTED).join("")}…` : letters.join("");
    return quote ? h("p", { class: "quote", dir: "auto" }, t("talk.answers", { quote })) : null;
  }

  #notice(entry) {
    return h("li", { class: "line-notice" }, h("span", { dir: "auto" }, entry.text), " ", h("time", { datetime: new Date(entry.at).toISOString() }, hour(entry.at)));
  }

  #resource(body, text) {
    const minutes = Number.isFinite(body.minutes) ? t("talk.minutes", { count: body.minutes }) : "";
    return [
      h("p", { class: "resource-kind" }, [t("talk.resource"), minutes].filter(Boolean).join(" · ")),
      h("p", { class: "resource-title", dir: "auto" }, String(body.title ?? text ?? "")),
      body.summary ? h("p", { class: "words", dir: "auto" }, String(body.summary)) : null,
    ];
  }

  #card(entry) {
    const body = entry.body ?? {};
    this.cardSeen = h("span", { class: "card-seen" });
    const emergency = body.emergency?.number ? [{ name: body.emergency.label, how: String(body.emergency.number) }] : [];
    const lines = [...emergency, ...(Array.isArray(body.lines) ? body.lines : [])];
    const node = h("li", { class: "line-card" },
      h("p", { class: "card-top" }, h("strong", {}, t("talk.card")), " ", this.cardSeen, " ", h("time", { datetime: new Date(entry.at).toISOString() }, hour(entry.at))),
      h("p", { class: "words", dir: "auto" }, String(body.headline ?? entry.text ?? "")),
      lines.length ? h("ul", {}, ...lines.slice(0, 5).map((line) => h("li", { dir: "auto" }, cardLine(line)))) : null);
    fill(this.cardSeen, cardState(this.known));
    return node;
  }

  refreshCard() {
    if (this.cardSeen) say(this.cardSeen, cardState(this.known));
  }
}

function cardLine(line) {
  return [line?.name, line?.how].filter((part) => typeof part === "string" && part).join(": ");
}

const cardState = (known) => t(known.view.card.confirmed ? "talk.card_seen" : "talk.card_unseen");

export const kindOf = (kind) => (has(`resources.kind_${kind}`) ? t(`resources.kind_${kind}`) : "");
