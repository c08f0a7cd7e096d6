// The safeguarding record for leads: no words of anybody's but leads' own notes.
import { askDialog, field } from "./ask-dialog.js";
import { hour } from "./clock.js";
import { h, say } from "./dom.js";
import { t } from "./words.js";

export async function openSafeguarding(link, deeds) {
  const answer = await link.ask({ type: "safeguarding" });
  const items = answer.ok ? answer.frame.items : [];
  const list = h("ul", { class: "review-list" }, ...items.map((item) => row(item, deeds)));
  const none = answer.ok ? t("safeguarding.none") : answer.next ?? t("link.lost");
  askDialog({
    heading: t("safeguarding.heading"), words: t("safeguarding.words"), wide: true, done: t("done"),
    parts: [items.length ? list : h("p", { class: "muted" }, none)],
  });
}

function row(item, deeds) {
  const held = item.held_by || t("safeguarding.nobody");
  const about = h("p", {}, h("strong", {}, t(`concern.${item.why}`)), " ",
    [item.domain.replaceAll("_", " "), t(`tier.${item.tier}`), held, hour(item.at)].filter(Boolean).join(" · "));
  const done = h("ul", { class: "muted" }, ...item.done.map((each) => h("li", {}, `${hour(each.at)} ${each.who}: ${each.what.replaceAll("_", " ")}`)));
  const noted = h("p", { dir: "auto" }, item.note);
  const words = field(t("safeguarding.note"), { rows: 2, maxlength: 2000 });
  const add = h("button", { type: "button", class: "quiet small", onclick: async () => {
    if (!words.value() || !await deeds.doAndSay({ type: "safeguarding_note", concern: item.id, text: words.value() })) return;
    say(noted, [noted.textContent, words.value()].filter(Boolean).join("\n"));
    words.box.value = "";
  } }, t("safeguarding.add"));
  return h("li", { class: "review" }, about, h("details", {}, h("summary", {}, t("safeguarding.done")), done), noted, words.node, add);
}
