// What can be done with a conversation beside talking; each asks before it acts.
import { askDialog, choice, field } from "./ask-dialog.js";
import { h } from "./dom.js";
import { pass } from "./notice.js";
import { callName, counted, named, t } from "./words.js";

const CRISIS = "passive";
const REASONS = ["abusive", "sexual", "threatening", "prank", "other"];

export class Deeds {
  constructor(link, state, words) {
    Object.assign(this, { link, state, words });
  }

  // Sends; gives null when done, else the sentence to show.
  async do(frame) {
    const answer = await this.link.ask(frame);
    return answer.ok ? null : answer.next ?? t("link.lost");
  }

  async doAndSay(frame) {
    const problem = await this.do(frame);
    if (problem) pass(problem, "problem");
    return !problem;
  }

  rank = (tier) => this.words.tiers.indexOf(tier);

  decline(offer) {
    const whys = ["close_to_home", "know_them", "not_my_topic", "need_a_breather", "other"];
    const why = choice(t("decline.words"), whys.map((value) => ({ value, label: t(`decline.${value}`), checked: value === "other" })));
    askDialog({
      heading: t("decline.heading"), parts: [why.node],
      go: { label: t("decline.go"), act: () => this.do({ type: "decline", conversation: offer.conversation, why: why.value() ?? "" }) },
    });
  }

  transfer(view) {
    const free = this.state.people.filter((person) => view.to.includes(person.id));
    const who = callName(view);
    if (!free.length) return askDialog({ heading: t("transfer.heading", { who }), words: t("transfer.none"), done: t("done") });
    const to = choice(t("transfer.choose"), free.map((person) => ({
      value: person.id,
      label: t("transfer.person", { name: person.name, free: person.free }),
      means: person.lead ? t("lead") : "",
    })));
    return askDialog({
      heading: t("transfer.heading", { who }), words: t("transfer.words"), parts: [to.node],
      go: {
        label: t("transfer.go"),
        act: () => (to.value() ? this.do({ type: "transfer", conversation: view.id, to: to.value() }) : t("transfer.choose")),
      },
    });
  }

  escalate(view) {
    const why = field(t("escalate.why"), { rows: 3, maxlength: 500 });
    askDialog({
      heading: t("escalate.heading"), words: t("escalate.words"), parts: [why.node],
      go: { label: t("escalate.go"), act: () => this.do({ type: "escalate", conversation: view.id, why: why.value() }) },
    });
  }

  raise(view) {
    const higher = this.words.tiers.filter((tier) => this.rank(tier) > this.rank(view.tier));
    if (!higher.length) return askDialog({ heading: t("raise.heading"), words: t("raise.highest"), done: t("done") });
    const words = t("raise.words", { crisis: t(`tier.${CRISIS}`), who: callName(view) });
    return this.#newTier(view, "raise", higher, words);
  }

  lower(view) {
    const lower = this.words.tiers.filter((tier) => this.rank(tier) < this.rank(view.tier));
    return this.#newTier(view, "lower", lower.reverse(), t("lower.words"));
  }

  #newTier(view, type, tiers, words) {
    const tier = choice(t("raise.choose"), tiers.map((value) => ({ value, label: t(`tier.${value}`), means: t(`tier_means.${value}`) })));
    const why = field(t(`${type}.why`), { rows: 2, maxlength: 500, required: true });
    return askDialog({
      heading: t(`${type}.heading`), words, parts: [tier.node, why.node],
      go: {
        label: t(`${type}.go`),
        act: () => (tier.value() ? this.do({ type, conversation: view.id, tier: tier.value(), why: why.value() }) : t("raise.choose")),
      },
    });
  }

  // In a crisis nobody is dropped: the report is kept, a lead is called, and the supporter stays until they come.
  report(view) {
    const crisis = this.rank(view.tier) >= this.rank(CRISIS);
    const why = this.#reason("report.choose");
    const note = field(t("report.note"), { rows: 3, maxlength: 2000 });
    const frame = () => ({ type: "report_seeker", conversation: view.id, reason: why.value(), note: note.value() });
    askDialog({
      heading: t(crisis ? "report.heading_crisis" : "report.heading", { who: callName(view) }),
      words: t(crisis ? "report.words_crisis" : "report.words", { who: callName(view) }), parts: [why.node, note.node],
      go: { label: t(crisis ? "report.go_crisis" : "report.go"), danger: true, act: () => (why.value() ? this.do(frame()) : t("report.choose")) },
    });
  }

  block({ id }) {
    const why = this.#reason("report.choose");
    const times = choice(t("block.choose"), [3600, 86400, 604800, 2592000].map((value) => ({ value, label: t(`block.time_${value}`) })));
    const act = () => (why.value() && times.value() ? this.do({ type: "block", conversation: id, reason: why.value(), seconds: Number(times.value()) }) : t("block.missing"));
    askDialog({ heading: t("block.heading"), words: t("block.words"), parts: [why.node, times.node], go: { label: t("block.go"), danger: true, act } });
  }

  #reason(legend) {
    return choice(t(legend), REASONS.map((value) => ({ value, label: t(`report_reason.${value}`) })));
  }

  pause(view) {
    askDialog({
      heading: t("pause.heading"), words: t("pause.words", { who: callName(view) }),
      go: { label: t("pause.go"), act: () => this.do({ type: "pause", conversation: view.id }) },
    });
  }

  change(view, entry) {
    const words = field(t("talk.change_label"), { rows: 4, required: entry.kind === "text" });
    words.box.value = entry.text;
    const about = { conversation: view.id, refers: entry.refers };
    const unsay = h("button", { type: "button", class: "quiet", onclick: async () => {
      if (await this.doAndSay({ type: "unsay", ...about })) dialog.close();
    } }, t("talk.unsay"));
    const act = () => (words.value() === entry.text ? null : this.do({ type: "edit", ...about, text: words.value() }));
    const dialog = askDialog({
      heading: t("talk.change_heading"), words: t("talk.change_words", { who: callName(view) }), parts: [words.node, unsay],
      go: { label: t("talk.change_go"), act },
    });
  }

  // A crisis is not put down: whoever asks for relief stays until somebody else has it.
  release(view) {
    const who = callName(view);
    const act = () => this.do({ type: "release", conversation: view.id });
    askDialog(this.rank(view.tier) >= this.rank(CRISIS)
      ? { heading: t("relief.heading", { who }), words: t("relief.words"), go: { label: t("relief.go"), act } }
      : { heading: t("release.heading", { who }), words: t("release.words"), go: { label: t("release.go"), act } });
  }

  staysAfter(frame) {
    const view = this.state.conversations.get(frame.conversation)?.view;
    return frame.type === "release" && Boolean(view) && this.rank(view.tier) >= this.rank(CRISIS);
  }

  close(view) {
    const urgent = this.rank(view.tier) >= this.rank(CRISIS);
    const outcome = choice(t("close.choose"), this.words.outcomes.map((value) => ({ value, label: named("outcome", value) })));
    askDialog({
      heading: t("close.heading", { who: callName(view) }), words: t("close.words"),
      parts: [urgent ? h("p", { class: "dialog-warning" }, t("close.crisis")) : null, outcome.node],
      go: {
        label: t("close.go"), danger: urgent,
        act: () => (outcome.value() ? this.do({ type: "close", conversation: view.id, outcome: outcome.value() }) : t("close.choose")),
      },
    });
  }

  look = (conversation) => this.doAndSay({ type: "look", conversation });
  stopLooking = (conversation) => {
    this.link.send({ type: "unlook", conversation });
  };
  mark = (conversation, seq, verdict) => this.doAndSay({ type: "flag", conversation, seq, verdict });
  join = (conversation) => this.doAndSay({ type: "join", conversation });
  takeOver = (conversation) => this.doAndSay({ type: "takeover", conversation });
  accept = (conversation) => this.doAndSay({ type: "accept", conversation });
  acknowledge = (alert) => this.doAndSay({ type: "ack", kind: alert.kind, conversation: alert.conversation });
  setPresence = (state) => this.doAndSay({ type: "presence", state });

  signOut(forget) {
    const holding = this.state.me?.holding ?? 0;
    const leave = () => {
      this.link.close();
      forget();
      const form = h("form", { method: "post", action: "/console/sign-out" });
      document.body.append(form);
      form.submit();
      return null;
    };
    if (!holding) return leave();
    return askDialog({
      heading: t("sign_out"), words: counted("sign_out_holding", holding), go: { label: t("sign_out"), act: leave },
    });
  }
}
