// Saved replies go into the box; resources are found by meaning and sent as they are.
import { askDialog, field } from "./ask-dialog.js";
import { fill, h } from "./dom.js";
import { kindOf } from "./talk.js";
import { callName, named, t } from "./words.js";

// `replies` are {category, text} with a title and a language where they have one; {name} is the supporter's own.
export function pickReply(all, view, name, insert) {
  const spoken = all.filter((reply) => !reply.language || reply.language === view.language);
  const replies = (spoken.length ? spoken : all).map((reply) => ({ ...reply, title: reply.title ?? "", text: reply.text.replaceAll("{name}", name) }));
  const list = h("div", { class: "replies" });
  const search = field(t("replies.search"), { type: "search", oninput: () => draw() });
  const pick = (reply) => {
    dialog.close();
    insert(reply.text);
  };
  const draw = () => fill(list, ...grouped(replies, search.value(), pick));
  draw();
  const dialog = askDialog({
    heading: t("replies.heading"), words: t("replies.hint"), parts: [search.node, list], wide: true, done: t("cancel"), onShow: () => search.box.focus(),
  });
  search.box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    list.querySelector("button")?.click();
  });
}

function grouped(replies, wanted, pick) {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = replies.filter((reply) => words.every((word) => `${named("reply_category", reply.category)} ${reply.title} ${reply.text}`.toLowerCase().includes(word)));
  if (!fitting.length) return [h("p", { class: "muted" }, t("replies.none"))];
  const categories = [...new Set(fitting.map((reply) => reply.category))];
  return categories.map((category) => h("section", {},
    h("h3", {}, named("reply_category", category)),
    h("ul", {}, ...fitting.filter((reply) => reply.category === category).map((reply) => h("li", {},
      h("button", { type: "button", class: "reply", onclick: () => pick(reply) }, reply.title ? h("strong", {}, reply.title) : null, h("span", { dir: "auto" }, reply.text)))))));
}

export function pickResource(view, link, deeds) {
  const list = h("ul", { class: "resources" });
  const state = h("p", { class: "muted", role: "status" }, t("resources.start"));
  const search = field(t("resources.search"), { type: "search", maxlength: 300 });
  const find = async () => {
    state.textContent = t("resources.searching");
    const answer = await link.ask({ type: "search", text: search.value(), conversation: view.id });
    const found = answer.ok ? answer.frame.resources : [];
    state.textContent = answer.ok ? (found.length ? "" : t("resources.none")) : answer.next ?? t("link.lost");
    fill(list, ...found.map((resource) => one(resource)));
  };
  const one = (resource) => {
    const send = h("button", { type: "button", class: "primary small", onclick: async () => {
      send.disabled = true;
      const problem = await deeds.do({ type: "resource", conversation: view.id, resource: resource.id });
      if (problem) {
        state.textContent = problem;
        send.disabled = false;
      } else send.replaceWith(h("span", { class: "muted" }, t("resources.sent")));
    } }, t("resources.send", { who: callName(view) }));
    const small = [kindOf(resource.kind), Number.isFinite(resource.minutes) ? t("talk.minutes", { count: resource.minutes }) : ""].filter(Boolean).join(" · ");
    return h("li", { class: "resource-found" },
      h("div", {}, h("strong", { dir: "auto" }, String(resource.title ?? "")), h("small", {}, small), h("p", { dir: "auto" }, String(resource.summary ?? ""))), send);
  };
  askDialog({
    heading: t("resources.heading"), wide: true, done: t("done"),
    parts: [h("div", { class: "search-row" }, search.node, h("button", { type: "button", class: "quiet", onclick: find }, t("resources.find"))), state, list],
    onShow: () => search.box.focus(),
  });
  search.box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    find();
  });
  if (view.topics.length) find();
}
