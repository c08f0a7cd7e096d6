// The menu: light or dark, language, place, a breathing exercise, what is kept, and deletion.

import { openDialog } from "./dialog.js";
import { byId, make } from "./dom.js";
import { kept } from "./kept.js";
import { countryChoice } from "./place.js";
import { say } from "./texts.js";

const THEMES = ["auto", "light", "dark"];

/** `act`: breathe(), take(), forget(), place(country), and reload() after a choice that the whole page depends on. */
export function setUpMenu(facts, act) {
  byId("menu").addEventListener("click", () => {
    const close = openDialog({
      title: say("menu.title"),
      className: "menu",
      closeText: say("menu.close"),
      content: [
        theme(),
        facts.languages.length > 1 ? language(facts, act) : null,
        facts.countries.length ? country(facts, act, (next) => then(close, next)) : null,
        make(
          "div",
          { class: "stack" },
          item(say("menu.breathe"), () => then(close, act.breathe)),
          facts.linking ? item(say("menu.link"), () => then(close, act.link)) : null,
          item(say("menu.another"), () => then(close, act.another)),
          item(say("menu.report"), () => then(close, act.report)),
          item(say("menu.privacy"), () => then(close, openPrivacy)),
          item(say("menu.export"), () => then(close, act.take)),
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
  const select = make(
    "select",
    {},
    facts.languages.map((code) => make("option", { value: code, text: names(code) })),
  );
  select.value = facts.language;
  return field(say("menu.language"), select, (code) => act.reload(code));
}

function country(facts, act, leave) {
  const select = countryChoice(kept.get("country") ?? "", say("menu.country_none"));
  return field(say("menu.country"), select, (code) => {
    if (code) return leave(() => act.place(code));
    kept.remove("country");
    act.reload(facts.language);
  });
}

function field(label, select, change) {
  select.addEventListener("change", () => change(select.value));
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
