// Where somebody is: it decides whose numbers a crisis card shows.

import { make } from "./dom.js";
import { countries, say } from "./texts.js";

/** A choice of all countries, by name; `none` is what stands first and chooses nothing. */
export function countryChoice(chosen, none) {
  const options = [["", none], ...countries()];
  const select = make(
    "select",
    {},
    options.map(([value, text]) => make("option", { value, text })),
  );
  select.value = options.some(([code]) => code === chosen) ? chosen : "";
  return select;
}

/** The chooser on a card for `country` (empty: not known). `choose(code)` asks for the card of another one. */
export function placeForm(country, choose) {
  if (!countries().length) return null;
  const select = countryChoice(country, say("urgent.place_none"));
  const form = make(
    "form",
    { class: "place", novalidate: true },
    make("label", { class: "field" }, make("span", { text: say(country ? "urgent.place_other" : "urgent.place") }), select),
    make("button", { type: "submit", class: "soft", text: say("urgent.place_show") }),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (select.value) choose(select.value);
    else select.focus();
  });
  return form;
}
