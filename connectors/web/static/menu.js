// The menu: light or dark, language, place, a breathing exercise, what is kept, and deletion.

import { openDialog } from "./dialog.js";
import { byId, make } from "./dom.js";
import { kept } from "./kept.js";
import { say } from "./texts.js";

const THEMES = ["auto", "light", "dark"];

/** `act`: breathe(), forget(), and reload() after a choice that the whole page depends on. */
export function setUpMenu(facts, act) {
  byId("menu").addEventListener("click", () => {
    const close = openDialog({
      title: say("menu.title"),
      className: "menu",
      closeText: say("menu.close"),
      content: [
        theme(),
        facts.languages.length > 1 ? language(facts, act) : null,
        facts.countries.length ? country(facts, act) : null,
        make(
          "div",
          { class: "stack" },
          item(say("menu.breathe"), () => then(close, act.breathe)),
          item(say("menu.privacy"), () => then(close, openPrivacy)),
          item(say("menu.forget"), () => then(close, () => openForget(act.forget)), "danger"),
        ),
        make("p", { class: "small", text: say("menu.sound") }),
      ].filter(Boolean),
    });
  });
}

function then(close, next) {
  close();
  next();
}

function item(text, click, className = "") {
  return make("button", { type: "button", class: `soft wide ${className}`, text, on: { click } });
}

function theme() {
  const chosen = kept.get("theme") ?? "auto";
  return make(
    "fieldset",
    { class: "ratings" },
    make("legend", { text: say("menu.theme") }),
    make(
      "div",
      { class: "choices" },
      THEMES.map((each) => {
        const input = make("input", { type: "radio", name: "theme", value: each, on: { change: () => setTheme(each) } });
        input.checked = each === chosen;
        return make("label", {}, input, make("span", { text: say(`menu.theme_${each}`) }));
      }),
    ),
  );
}

function setTheme(theme) {
  if (theme === "auto") kept.remove("theme");
  else kept.set("theme", theme);
  window.dispatchEvent(new Event("warmline:theme"));
}

function language(facts, act) {
  const names = (code) => new Intl.DisplayNames([code], { type: "language" }).of(code);
  const options = facts.languages.map((code) => [code, names(code)]);
  return field(say("menu.language"), options, facts.language, (code) => act.reload(code));
}

function country(facts, act) {
  const names = new Intl.DisplayNames([facts.language], { type: "region" });
  const known = facts.countries.map((code) => [code, names.of(code)]).sort((one, two) => one[1].localeCompare(two[1]));
  const options = [["", say("menu.country_none")], ...known];
  return field(say("menu.country"), options, kept.get("country") ?? "", (code) => {
    if (code) kept.set("country", code);
    else kept.remove("country");
    act.reload(facts.language);
  });
}

function field(label, options, chosen, change) {
  const select = make(
    "select",
    { on: { change: () => change(select.value) } },
    options.map(([value, text]) => make("option", { value, text })),
  );
  select.value = chosen;
  return make("label", { class: "field" }, make("span", { text: label }), select);
}

function openPrivacy() {
  openDialog({
    title: say("privacy.heading"),
    closeText: say("privacy.close"),
    content: say("privacy.paragraphs").map((text) => make("p", { text })),
  });
}

function openForget(forget) {
  const confirm = make("button", { type: "button", class: "soft danger", text: say("forget.confirm") });
  const close = openDialog({
    title: say("forget.heading"),
    closeText: say("forget.cancel"),
    content: make("p", { text: say("forget.words") }),
    actions: [confirm],
  });
  confirm.addEventListener("click", () => then(close, forget));
}
