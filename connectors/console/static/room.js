// One conversation: its head, what was said, the box, and what is known, each in its own place.
import { About } from "./about.js";
import { countdown, now, span, tick } from "./clock.js";
import { Composer } from "./composer.js";
import { fill, fresh, h, say, show } from "./dom.js";
import { draft, keepDraft } from "./drafts.js";
import { pickReply, pickResource } from "./pickers.js";
import { Talk } from "./talk.js";
import { callName, languageName, short, t } from "./words.js";

const TYPING_SHOWN = 5000;
const UNHURRIED = 45000; // an answer may take this long before the desk counts

export class Room {
  #typingUntil = 0;
  #readUpTo = 0;

  constructor(known, { link, deeds, words, limit, onFront }) {
    Object.assign(this, { known, link, deeds, words, limit });
    const { view } = known;
    this.id = view.id;
    this.who = h("h2", { id: fresh("who"), tabindex: "-1" });
    this.tier = h("span", { class: "tier" });
    this.small = h("p", { class: "room-small" });
    this.why = h("p", { class: "room-why" });
    this.state = h("p", { class: "room-state" });
    this.with = h("p", { class: "room-with" });
    this.aboutButton = h("button", { class: "quiet about-toggle", "aria-expanded": "false", onclick: () => this.toggleAbout() }, t("room.about"), h("span", {}, ` ${t("room.and_notes")}`));
    this.closeButton = h("button", { class: "quiet", onclick: () => deeds.close(this.view) }, t("room.close"));
    this.talk = new Talk(known, {
      onTakeBack: (id) => this.#takeBack(id), onDrop: (id) => { link.drop(id); this.refresh(); },
      onChange: (entry) => deeds.change(this.view, entry), onMark: (entry, verdict) => deeds.mark(this.id, entry.seq, verdict), myName: () => deeds.state.me?.name ?? "",
    });
    this.about = new About(known, { link, goTo: (seq) => this.talk.goTo(seq), kept: () => this.refresh() });
    this.foot = h("div", { class: "room-foot" });
    this.node = h("section", { class: "room", "aria-labelledby": this.who.id, "data-conversation": view.id, onfocusin: onFront, onpointerdown: onFront },
      h("header", { class: "room-head" },
        h("div", { class: "room-top" }, this.who, this.aboutButton, this.closeButton),
        h("div", { class: "room-second" }, this.tier, this.small, this.why, this.with, this.state)),
      h("div", { class: "room-middle" }, h("div", { class: "room-talk" }, this.talk.node, this.foot), this.about.node));
    this.node.addEventListener("kept", () => this.refresh());
    tick(this.state, () => this.#stateWords());
    this.update();
    requestAnimationFrame(() => this.talk.toEnd());
  }

  get view() {
    return this.known.view;
  }

  update() {
    const { view } = this;
    const who = callName(view);
    say(this.who, who);
    say(this.small, [view.name ? short(view.pseudonym) : "", languageName(view.language)].filter(Boolean).join(" · "));
    say(this.tier, t(`tier.${view.tier}`));
    this.tier.dataset.tier = view.tier;
    this.node.dataset.tier = view.tier;
    show(say(this.why, view.reasons.at(-1)?.text ?? ""), view.reasons.length > 0);
    show(say(this.with, this.#withWords()), Boolean(this.#withWords()));
    this.aboutButton.setAttribute("aria-label", t("room.about_long", { who }));
    this.closeButton.setAttribute("aria-label", t("room.close_long", { who }));
    show(this.closeButton, view.mine);
    this.node.classList.toggle("reading", !view.mine);
    this.#drawFoot();
    this.about.update();
    this.talk.refreshCard();
    this.refresh();
    say(this.state, this.#stateWords());
  }

  // After marks, sending and resending.
  refresh() {
    const unsent = this.link.unsent.filter((each) => each.conversation === this.id);
    this.talk.refresh(unsent.filter((each) => each.type === "say"));
    this.about.refreshNotes(unsent.filter((each) => each.type === "note"));
  }

  addEntry(entry) {
    if (entry.from === "seeker") this.#typingUntil = 0;
    this.talk.add(entry);
    this.refresh();
  }

  sawTyping() {
    this.#typingUntil = Date.now() + TYPING_SHOWN;
    say(this.state, this.#stateWords());
  }

  // Everything up to the newest was on a visible page.
  sawAll() {
    this.known.unread = 0;
    if (!this.view.mine || this.known.seq <= this.#readUpTo) return;
    if (this.link.send({ type: "read", conversation: this.id, seq: this.known.seq })) this.#readUpTo = this.known.seq;
  }

  focus() {
    if (this.composer) this.composer.focus();
    else this.who.focus();
  }

  toggleAbout(open = !this.node.classList.contains("about-open")) {
    this.node.classList.toggle("about-open", open);
    this.aboutButton.setAttribute("aria-expanded", String(open));
  }

  focusNotes() {
    this.toggleAbout(true);
    this.about.focusNotes();
  }

  pickReply() {
    if (this.composer) pickReply(this.words.replies, this.view, this.deeds.state.me?.name ?? "", (text) => this.composer.insert(text));
  }

  pickResource() {
    if (this.composer) pickResource(this.view, this.link, this.deeds);
  }

  openMore() {
    this.more?.open();
  }

  nudged() {
    this.node.classList.remove("nudged");
    void this.node.offsetWidth;
    this.node.classList.add("nudged");
  }

  // The conversation is not on this desk any more: their words go, unsent words of ours stay to be copied.
  leave(why, putAway) {
    const unsent = [...this.link.unsent.filter((each) => each.conversation === this.id && each.type === "say").map((each) => each.text), draft(this.id)].filter(Boolean);
    this.link.dropAll(this.id);
    keepDraft(this.id, "");
    keepDraft(`note:${this.id}`, "");
    this.composer = null;
    this.talk.forget();
    const button = h("button", { class: "primary", onclick: putAway }, t("room.put_away"));
    fill(this.node, h("div", { class: "gone" }, h("h2", { tabindex: "-1", id: this.who.id }, callName(this.view)), h("p", { role: "status" }, why),
      unsent.length ? h("div", { class: "gone-unsent" }, h("p", {}, t("room.gone_words")), ...unsent.map((text) => h("blockquote", { dir: "auto" }, text))) : null, button));
    return unsent.length > 0;
  }

  #withWords() {
    const { joined, relief_asked: relief } = this.view;
    return [joined.length ? t("room.joined", { names: joined.join(", ") }) : "", relief ? t("room.relief_asked") : ""].filter(Boolean).join(" ");
  }

  #stateWords() {
    const { view } = this;
    const who = callName(view);
    if (!view.mine) return view.holder ? t("room.reading_of", { holder: view.holder }) : "";
    if (this.#typingUntil > Date.now()) return t("room.typing", { who });
    this.node.classList.toggle("hurry", Boolean(view.first_word_by));
    if (view.first_word_by) return t("room.say_hello", { time: countdown(view.first_word_by) });
    if (view.phase !== "live") return t("room.closing");
    if (view.paused_until) return view.paused_until > now() ? t("room.paused", { who, time: countdown(view.paused_until) }) : t("room.paused_over");
    if (view.unanswered_since && now() - view.unanswered_since > UNHURRIED) return t("room.unanswered", { who, time: span(now() - view.unanswered_since, true) });
    const last = this.known.entries.at(-1);
    return last && now() - last.at > 60000 ? t("room.quiet", { time: span(now() - last.at) }) : "";
  }

  #drawFoot() {
    const { view } = this;
    if (!view.mine) {
      this.composer = null;
      fill(this.foot, h("div", { class: "reading-foot" }, h("p", {}, t("room.reading")),
        h("button", { class: "quiet", onclick: () => this.deeds.stopLooking(this.id) }, t("room.stop_reading")),
        h("button", { class: "quiet", onclick: () => this.deeds.block(view) }, t("actions.block")),
        h("button", { class: "primary", onclick: () => this.deeds.takeOver(this.id) }, t("room.take_over"))));
    } else if (!this.composer) {
      this.more = new More(this);
      this.composer = new Composer(view, {
        link: this.link, limit: this.limit, fileLimit: this.words.file_limit, more: this.more.node, replies: () => this.pickReply(), resources: () => this.pickResource(),
      });
      fill(this.foot, this.composer.node);
    } else {
      this.composer.rename(view);
    }
  }

  #takeBack(id) {
    const kept = this.link.drop(id);
    if (kept) this.composer?.insert(kept.text);
    this.refresh();
  }
}

// A disclosure with what is needed seldom.
class More {
  constructor(room) {
    const { deeds } = room;
    const item = (key, act) => h("li", {}, h("button", { type: "button", class: "quiet", onclick: () => { this.open(false); act(room.view); } }, t(key)));
    const id = fresh("more");
    this.list = h("ul", { class: "more-list", id, hidden: true },
      item("actions.transfer", (view) => deeds.transfer(view)),
      item("actions.escalate", (view) => deeds.escalate(view)),
      item("actions.raise", (view) => deeds.raise(view)),
      deeds.state.me?.lead ? item("actions.lower", (view) => deeds.lower(view)) : null,
      item("actions.pause", (view) => deeds.pause(view)),
      item("actions.release", (view) => deeds.release(view)),
      item("actions.report", (view) => deeds.report(view)),
      deeds.state.me?.lead ? item("actions.block", (view) => deeds.block(view)) : null);
    this.button = h("button", { type: "button", class: "quiet", "aria-expanded": "false", "aria-controls": id, onclick: () => this.open(this.list.hidden) }, t("more"));
    this.node = h("div", { class: "more", onkeydown: (event) => this.#key(event), onfocusout: (event) => this.#left(event) }, this.button, this.list);
  }

  open(wanted = true) {
    show(this.list, wanted);
    this.button.setAttribute("aria-expanded", String(wanted));
    if (wanted) this.list.querySelector("button").focus();
  }

  #key(event) {
    if (event.key !== "Escape" || this.list.hidden) return;
    event.stopPropagation();
    this.open(false);
    this.button.focus();
  }

  #left(event) {
    if (!this.node.contains(event.relatedTarget)) this.open(false);
  }
}
