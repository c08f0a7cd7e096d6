// One click says that the screen was wrong about a message; leads also look again at a sample of what it never flagged.
import { askDialog } from "./ask-dialog.js";
import { hour } from "./clock.js";
import { fill, h } from "./dom.js";
import { languageName, short, t } from "./words.js";

// Buttons for one message of the seeker's. `act(verdict)` resolves with whether it was done.
export function markButtons(entry, flagged, act) {
  const box = h("span", { class: "line-marks" });
  const button = (verdict, label, long) => h("button", {
    type: "button", class: "quiet small", title: long, "aria-label": long,
    onclick: async () => { if (await act(verdict)) fill(box, h("span", { class: "muted", role: "status" }, t("mark.done"))); },
  }, label);
  fill(box,
    button("missed_risk", t("mark.missed_risk"), t("mark.missed_risk_long", { text: entry.text })),
    flagged ? button("false_alarm", t("mark.false_alarm"), t("mark.false_alarm_long", { text: entry.text })) : null);
  return box;
}

export async function openReviews(link, deeds) {
  const answer = await link.ask({ type: "reviews" });
  const items = answer.ok ? answer.frame.items : [];
  const list = h("ul", { class: "review-list" }, ...items.map((item) => row(item, deeds, () => dialog.close())));
  const none = answer.ok ? t("reviews.none") : answer.next ?? t("link.lost");
  const dialog = askDialog({
    heading: t("reviews.heading"), words: t("reviews.words"), wide: true, done: t("done"),
    parts: [items.length ? list : h("p", { class: "muted" }, none)],
  });
}

function row(item, deeds, leave) {
  const said = { missed_risk: t("mark.missed_risk"), false_alarm: t("mark.false_alarm") };
  const what = item.what === "sample" ? t("reviews.sample") : said[item.verdict];
  const about = h("p", {}, h("strong", {}, what), " ", [short(item.pseudonym), languageName(item.language), t(`tier.${item.tier}`), hour(item.at)].join(" · "));
  const read = h("button", { type: "button", class: "quiet small", onclick: async () => { if (await deeds.look(item.conversation)) leave(); } }, t("reviews.read"));
  const node = h("li", { class: "review" }, about);
  if (item.what !== "sample") node.append(h("p", { class: "muted" }, t("reviews.message")), read);
  else node.append(h("p", { class: "review-does" }, read, ...outcomes(item, deeds, node)));
  return node;
}

function outcomes(item, deeds, node) {
  const labels = { nothing_missed: t("reviews.nothing_missed"), missed_risk: t("mark.missed_risk"), false_alarm: t("mark.false_alarm") };
  return Object.entries(labels).map(([outcome, label]) => h("button", {
    type: "button", class: "quiet small", onclick: async () => {
      if (await deeds.doAndSay({ type: "reviewed", conversation: item.conversation, outcome })) fill(node, h("p", { role: "status" }, t("reviews.thanks")));
    },
  }, label));
}
