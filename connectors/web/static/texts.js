// The page's texts and facts in its language, fetched once.

let facts = null;

export async function loadFacts(language) {
  const answer = await fetch(`/chat/facts/${encodeURIComponent(language)}.json`);
  if (!answer.ok) throw new Error(`the page's texts could not be loaded: ${answer.status}`);
  facts = await answer.json();
  return facts;
}

/** The text at `section.key`, with `{name}` places filled in; lists and mappings as they are. */
export function say(path, values = {}) {
  const text = path.split(".").reduce((found, key) => found?.[key], facts.texts);
  if (text === undefined) throw new Error(`no text: ${path}`);
  if (typeof text !== "string") return text;
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

/** The countries there are numbers for: code and name, in the order of their names. */
export function countries() {
  return facts.countries.map((code) => [code, countryName(code)]).sort((one, two) => one[1].localeCompare(two[1]));
}

export function countryName(code) {
  return new Intl.DisplayNames([facts.language], { type: "region" }).of(code);
}

// The page's language, as it is written where the person is, if the device says so: en-GB has other clocks than en-US.
function locale() {
  return navigator.languages.find((each) => each.split("-")[0] === facts.language) ?? facts.language;
}

export function clock(at) {
  return new Intl.DateTimeFormat(locale(), { hour: "numeric", minute: "2-digit" }).format(at);
}

export function day(at) {
  const days = Math.round((startOfDay(Date.now()) - startOfDay(at)) / 86_400_000);
  if (days === 0) return say("message.today");
  if (days === 1) return say("message.yesterday");
  return new Intl.DateTimeFormat(locale(), { weekday: "long", day: "numeric", month: "long" }).format(at);
}

export function startOfDay(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

export function size(bytes) {
  const [value, unit] = bytes < 1e6 ? [Math.max(1, bytes / 1e3), "kilobyte"] : [bytes / 1e6, "megabyte"];
  return new Intl.NumberFormat(locale(), { style: "unit", unit, maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}

export function duration(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
