// Reports and blocks, for leads. What was written is shown when a report is opened, and that is on record.
import { askDialog, field } from "./ask-dialog.js";
import { hour } from "./clock.js";
import { fill, h, say, show } from "./dom.js";
import { short, t } from "./words.js";

export async function openReports(link, deeds) {
  const answer = await link.ask({ type: "reports" });
  const { items, blocks } = answer.ok ? answer.frame : { items: [], blocks: [] };
  const reports = h("ul", { class: "review-list" }, ...items.map((item) => row(item, link, deeds)));
  const running = h("ul", { class: "review-list" }, ...blocks.map((block) => blockRow(block, deeds)));
  const none = answer.ok ? t("reports.none") : answer.next ?? t("link.lost");
  askDialog({
    heading: t("reports.heading"), words: t("reports.words"), wide: true, done: t("done"),
    parts: [
      items.length ? reports : h("p", { class: "muted" }, none),
      blocks.length ? h("h3", {}, t("reports.blocks")) : null,
      blocks.length ? running : null,
    ].filter(Boolean),
  });
}

function row(item, link, deeds) {
  const about = item.about === "seeker" ? t("reports.of_person", { by: item.by }) : t("reports.of_supporter", { name: item.supporter ?? t("reports.nobody") });
  const why = t(item.about === "seeker" ? `report_reason.${item.reason}` : `supporter_reason.${item.reason}`);
  const head = h("p", {}, h("strong", {}, about), " ", [why, hour(item.at), item.closed_at ? t("reports.closed") : ""].filter(Boolean).join(" · "));
  const inside = h("div");
  const open = h("button", { type: "button", class: "quiet small", onclick: () => openOne(item, link, deeds, inside, open) }, t("reports.open_one"));
  return h("li", { class: "review" }, head, open, inside);
}

async function openOne(item, link, deeds, inside, open) {
  const answer = await link.ask({ type: "report_open", report: item.id });
  if (!answer.ok) return fill(inside, h("p", { class: "problem" }, answer.next ?? t("link.lost")));
  const { words, note, conversation, closed_at: closed } = answer.frame.item;
  show(open, false);
  const noted = h("p", { dir: "auto" }, note);
  const own = field(t("reports.note"), { rows: 2, maxlength: 2000 });
  const add = h("button", { type: "button", class: "quiet small", onclick: async () => {
    if (!own.value() || !await deeds.doAndSay({ type: "report_note", report: item.id, text: own.value() })) return;
    say(noted, [noted.textContent, own.value()].filter(Boolean).join("\n"));
    own.box.value = "";
  } }, t("reports.add"));
  const done = h("button", { type: "button", class: "quiet small", onclick: async () => {
    if (await deeds.doAndSay({ type: "report_close", report: item.id })) fill(done, t("reports.closed"));
  } }, t("reports.close"));
  show(done, !closed);
  const look = h("button", { type: "button", class: "quiet small", onclick: () => deeds.look(conversation) }, t("reports.look"));
  const block = h("button", { type: "button", class: "quiet small", onclick: () => deeds.block({ id: conversation }) }, t("actions.block"));
  fill(inside, h("blockquote", { dir: "auto" }, words || t("reports.no_words")), noted, own.node, add, look,
    item.about === "seeker" ? block : null, done);
}

function blockRow(block, deeds) {
  const about = h("p", {}, h("strong", {}, `${t("somebody")} ${short(block.pseudonym)}`), " ",
    [t(`report_reason.${block.reason}`), t("reports.by", { by: block.by }), t("reports.until", { time: new Date(block.until).toLocaleString() })].join(" · "));
  const lift = h("button", { type: "button", class: "quiet small", onclick: async () => {
    if (await deeds.doAndSay({ type: "unblock", conversation: block.conversation })) fill(lift, t("reports.lifted"));
  } }, t("reports.lift"));
  return h("li", { class: "review" }, about, block.conversation ? lift : h("p", { class: "muted" }, t("reports.erased")));
}
