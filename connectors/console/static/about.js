// What is known of the person, why the urgency, and the private notes: a place apart from where one writes to them.
import { draft, keepDraft } from "./drafts.js";
import { hour } from "./clock.js";
import { fill, fresh, h, keep, say, show } from "./dom.js";
import { callName, countryName, languageName, named, t } from "./words.js";

export class About {
  #notes = new Map();
  #drawn = "";

  constructor(known, { link, goTo, kept }) {
    Object.assign(this, { known, link, goTo, kept });
    this.why = h("div", { class: "about-part" });
    this.intake = h("div", { class: "about-part" });
    this.node = h("div", { class: "about" }, this.why, this.intake, this.#notePart());
    this.update();
  }

  update() {
    const { view, seq } = this.known;
    say(this.noteLabel, t("notes.label", { who: callName(view) }));
    const { unanswered_since: _, to: __, first_word_by: ___, ...steady } = view;
    const drawn = JSON.stringify([steady, view.reasons.map((reason) => reason.seq <= seq)]);
    if (drawn === this.#drawn) return; // drawing again would take the focus away
    this.#drawn = drawn;
    fill(this.why, h("h3", {}, t("about.why")), ...this.#reasons(view));
    fill(this.intake, h("h3", {}, t("about.intake")), ...this.#intake(view));
  }

  focusNotes() {
    this.box.focus();
  }

  #reasons(view) {
    const found = view.reasons.map((reason) => h("li", {},
      reason.seq > 0 && this.known.entries.some((entry) => entry.seq === reason.seq)
        ? h("button", { class: "reason", "aria-label": t("about.go_to", { text: reason.text }), onclick: () => this.goTo(reason.seq) }, reason.text)
        : h("span", {}, reason.text),
      reason.seq === 0 ? h("small", { class: "muted" }, ` (${t("about.by_person")})`) : null));
    const also = view.modifiers.map((modifier) => h("li", { class: "modifier" }, named("modifier", modifier)));
    const card = view.card.seq === null ? null : h("p", { class: view.card.confirmed ? "card-note" : "card-note open" }, t(view.card.confirmed ? "about.card_confirmed" : "about.card_open"));
    return [
      h("p", { class: "tier-means" }, h("span", { class: "tier", "data-tier": view.tier }, t(`tier.${view.tier}`)), " ", t(`tier_means.${view.tier}`)),
      found.length + also.length ? h("ul", { class: "reasons" }, ...found, ...also) : null,
      card,
      view.escalated ? h("p", { class: "card-note" }, t("room.escalated")) : null,
    ];
  }

  #intake(view) {
    if (!view.shared) return [h("p", {}, t("about.not_shared"))];
    const rows = [
      ["about.called", view.name],
      ["about.topics", view.topics.map((topic) => named("topic", topic)).join(", ")],
      ["about.heaviness", view.heaviness === null ? "" : t("about.heaviness_value", { value: view.heaviness })],
      ["about.wishes", view.wishes.join(", ")],
      ["about.language", languageName(view.language)],
      ["about.country", view.country ? countryName(view.country) : ""],
    ].filter(([, value]) => value);
    return [
      h("dl", {}, ...rows.map(([key, value]) => h("div", {}, h("dt", {}, t(key)), h("dd", { dir: "auto" }, value)))),
      rows.length < 2 ? h("p", { class: "muted" }, t("about.nothing")) : null,
      view.message_left ? h("p", { class: "card-note" }, t("about.message_left")) : null,
    ];
  }

  // --- notes --------------------------------------------------------------------------------------------------------

  #notePart() {
    const id = fresh("note");
    const key = `note:${this.known.view.id}`;
    this.noteList = h("ol", { class: "note-list" });
    this.noteNone = h("p", { class: "muted" }, t("notes.none"));
    this.noteLabel = h("label", { for: id });
    this.box = h("textarea", { id, rows: "2", placeholder: t("notes.placeholder"), dir: "auto", oninput: () => keepDraft(key, this.box.value) });
    this.box.value = draft(key);
    const form = h("form", { class: "note-form", onsubmit: (event) => this.#keepNote(event, key) },
      this.noteLabel, this.box, h("button", { class: "note-keep" }, t("notes.keep")));
    return h("section", { class: "notes", "aria-label": t("notes.heading") },
      h("h3", {}, t("notes.heading")), h("p", { class: "notes-only" }, t("notes.only_desk")), this.noteList, this.noteNone, form);
  }

  #keepNote(event, key) {
    event.preventDefault();
    const text = this.box.value.trim();
    if (!text) return;
    this.link.keepSending("note", this.known.view.id, text);
    this.box.value = "";
    keepDraft(key, "");
    this.kept();
  }

  refreshNotes(unsent = []) {
    const { notes } = this.known;
    const all = [...notes.map((note) => [`n${note.seq}`, note]), ...unsent.map((each) => [each.id, each])];
    keep(this.noteList, all.map(([key]) => key), this.#notes, (key) => ({ node: this.#note(all.find(([each]) => each === key)[1]) }));
    for (const each of unsent) say(this.#notes.get(each.id).node.querySelector(".note-foot"), each.why ? t("talk.not_sent", { why: each.why }) : t("notes.waiting"));
    show(this.noteNone, !all.length);
  }

  #note(note) {
    const by = note.seq ? [note.name || t("talk.system"), hour(note.at)].join(" · ") : t("notes.waiting");
    return h("li", { class: note.kind === "notice" ? "note by-system" : "note" },
      h("p", { class: "words", dir: "auto" }, note.text), h("p", { class: "note-foot" }, by));
  }
}
