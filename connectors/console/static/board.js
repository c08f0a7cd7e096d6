// For leads: what needs them, and how the line is doing.
import { now, span, tick } from "./clock.js";
import { fill, h, keep, say, show } from "./dom.js";
import { openReviews } from "./marking.js";
import { openReports } from "./reports.js";
import { openSafeguarding } from "./safeguarding.js";
import { languageName, short, t } from "./words.js";

const CALLS = ["lead_wanted", "on_call_wanted", "relief_wanted", "another_wanted", "minor_uncleared"]; // alerts that ask a lead to join a conversation

export class Alerts {
  #made = new Map();

  constructor(state, deeds) {
    Object.assign(this, { state, deeds });
    this.list = h("ul", { class: "alert-list" });
    this.node = h("section", { class: "alerts", "aria-label": t("alerts.heading"), hidden: true }, this.list);
    state.on("alerts", () => this.#draw());
  }

  #draw() {
    const key = (alert) => `${alert.kind}:${alert.conversation}`;
    const alerts = [...this.state.alerts].sort((one, other) => Number(other.urgent) - Number(one.urgent) || one.at - other.at);
    const byKey = new Map(alerts.map((alert) => [key(alert), alert]));
    keep(this.list, [...byKey.keys()], this.#made, (each) => this.#alert(byKey.get(each)));
    byKey.forEach((alert, each) => this.#made.get(each).update(alert));
    show(this.node, alerts.length > 0);
  }

  #alert(first) {
    let alert = first;
    const call = CALLS.includes(first.kind);
    const urgent = h("strong", { class: "alert-urgent" }, t("alerts.urgent"));
    const words = h("span", { class: "alert-words", dir: "auto" });
    const ago = h("span", { class: "alert-ago" });
    const look = h("button", { class: "quiet small", onclick: () => this.#open(alert, call) }, t(first.kind === "report" ? "reports.open" : call ? "alerts.join" : "alerts.look"));
    const take = h("button", { class: "primary small", onclick: () => this.deeds.acknowledge(alert) }, t("alerts.take"));
    const node = h("li", { class: "alert" }, urgent, words, ago, look, take);
    tick(ago, () => t(alert.times > 1 ? "alerts.ago_again" : "alerts.ago", { time: span(now() - alert.at, true), times: alert.times }));
    const update = (given) => {
      alert = given;
      node.classList.toggle("is-urgent", alert.urgent);
      show(urgent, alert.urgent);
      say(words, alert.text);
      show(look, Boolean(alert.conversation) && !this.state.conversations.has(alert.conversation));
    };
    return { node, update };
  }

  #open(alert, call) {
    if (alert.kind === "report") openReports(this.deeds.link, this.deeds);
    else if (call) this.deeds.join(alert.conversation);
    else this.deeds.look(alert.conversation);
  }
}

export class Board {
  #made = new Map();

  constructor(state, deeds) {
    Object.assign(this, { state, deeds });
    this.reviews = h("button", { class: "quiet small", onclick: () => openReviews(deeds.link, deeds) }, t("reviews.open"));
    this.safeguarding = h("button", { class: "quiet small", onclick: () => openSafeguarding(deeds.link, deeds) }, t("safeguarding.open"));
    this.reports = h("button", { class: "quiet small", onclick: () => openReports(deeds.link, deeds) }, t("reports.open"));
    this.figures = h("dl", { class: "figures" });
    this.toggle = h("button", { class: "quiet small", "aria-expanded": "false", onclick: () => this.#open() }, t("board.show"));
    this.queue = h("div", { class: "board-table", tabindex: "0", role: "region", "aria-label": t("board.queue") });
    this.talking = h("div", { class: "board-table", tabindex: "0", role: "region", "aria-label": t("board.talking") });
    this.more = h("div", { class: "board-more", hidden: true }, this.queue, this.talking);
    this.node = h("section", { class: "board", "aria-label": t("board.heading"), hidden: true }, h("h2", { class: "sr" }, t("board.heading")), h("div", { class: "board-top" }, this.figures, this.reviews, this.safeguarding, this.reports, this.toggle), this.more);
    state.on("board", () => this.#draw());
    state.on("me", () => show(this.node, Boolean(state.me.lead && state.board)));
  }

  #open() {
    const open = this.more.hidden;
    show(this.more, open);
    this.toggle.setAttribute("aria-expanded", String(open));
    say(this.toggle, t(open ? "board.hide" : "board.show"));
  }

  #draw() {
    const { board } = this.state;
    show(this.node, true);
    const figures = [
      ["waiting", () => String(board.waiting), board.by_tier.map((each) => `${each.count} ${t(`tier.${each.tier}`)}`).join(", ")],
      ["longest", () => (board.longest_since ? span(now() - board.longest_since) : t("board.none"))],
      ["live", () => String(board.live)],
      ["here", () => String(board.here)],
      ["free", () => String(board.free)],
      ["average", () => (board.average_seconds === null ? t("board.unknown") : span(board.average_seconds * 1000))],
      ...(board.undelivered ? [["undelivered", () => String(board.undelivered)]] : []),
    ];
    keep(this.figures, figures.map(([name]) => name), this.#made, (name) => this.#figure(name));
    figures.forEach(([name, value, small]) => this.#made.get(name).update(value, small ?? ""));
    this.#table(this.queue, "board.queue", board.queue, "board.queue_none", this.#queueRow, ["person", "urgency", "wait", "do"]);
    this.#table(this.talking, "board.talking", board.talking, "board.talking_none", this.#talkingRow, ["person", "urgency", "with", "since", "unanswered", "do"]);
  }

  #figure(name) {
    const value = h("dd");
    const small = h("dd", { class: "figure-small" });
    const node = h("div", { class: "figure" }, h("dt", {}, t(`board.${name}`)), value, small);
    return { node, update: (text, words) => { tick(value, text); show(say(small, words), Boolean(words)); } };
  }

  // Drawn afresh only when it changed, and never from under somebody's fingers.
  #table(node, heading, rows, none, row, columns) {
    const drawn = JSON.stringify(rows);
    if (node.dataset.drawn === drawn) return;
    const focused = node.contains(document.activeElement) ? document.activeElement.dataset.does : null;
    node.dataset.drawn = drawn;
    fill(node, h("h3", {}, t(heading)), rows.length
      ? h("table", {}, h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, t(`board.${name}`))))), h("tbody", {}, ...rows.map((each) => row.call(this, each))))
      : h("p", { class: "muted" }, t(none)));
    if (focused) node.querySelector(`[data-does="${CSS.escape(focused)}"]`)?.focus();
  }

  #person = (each) => h("th", { scope: "row" }, `${t("somebody")} ${short(each.pseudonym)}`);
  #tier = (each) => h("td", {}, h("span", { class: "tier", "data-tier": each.tier }, t(`tier.${each.tier}`)));

  #does(each, does, label, act) {
    const who = `${t("somebody")} ${short(each.pseudonym)}`;
    return h("button", { class: "quiet small", "data-does": `${does}:${each.conversation}`, "aria-label": t(`board.${does}_long`, { who }), onclick: act }, label);
  }

  #queueRow(each) {
    const { deeds } = this;
    return h("tr", {}, this.#person(each), this.#tier(each),
      h("td", {}, tick(h("span"), () => span(now() - each.since)), " ", h("small", {}, [languageName(each.language), each.assigned_to ? t("board.assigned", { name: each.assigned_to }) : ""].filter(Boolean).join(" · "))),
      h("td", { class: "does" }, this.#does(each, "take", t("board.take"), () => deeds.takeOver(each.conversation)), this.#does(each, "look", t("board.look"), () => deeds.look(each.conversation))));
  }

  #talkingRow(each) {
    const { deeds } = this;
    const own = each.holder_id === this.state.me?.id;
    return h("tr", {}, this.#person(each), this.#tier(each), h("td", { dir: "auto" }, each.holder),
      h("td", {}, tick(h("span"), () => (each.since ? span(now() - each.since) : ""))),
      h("td", {}, tick(h("span"), () => (each.unanswered_since ? span(now() - each.unanswered_since) : ""))),
      h("td", { class: "does" }, own ? null : this.#does(each, "take", t("board.take"), () => deeds.takeOver(each.conversation)), own ? null : this.#does(each, "look", t("board.look"), () => deeds.look(each.conversation))));
  }
}
