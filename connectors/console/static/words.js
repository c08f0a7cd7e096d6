// The page's sentences, as the service sent them.

let words = {};
let language = "en";

export function learn(given, lang) {
  words = given;
  language = lang;
}

export function t(key, values = {}) {
  const found = key.split(".").reduce((part, name) => part?.[name], words);
  if (typeof found !== "string") return key;
  return found.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export const has = (key) => t(key) !== key;

// A sentence for one and one for several: `key` and `key_one`.
export const counted = (key, count, values = {}) => t(count === 1 ? `${key}_one` : key, { count, ...values });

// A word for a code, or the code itself where a line uses one of its own.
export const named = (group, code) => (has(`${group}.${code}`) ? t(`${group}.${code}`) : String(code).replaceAll("_", " "));

const display = (type, code) => {
  try {
    return new Intl.DisplayNames([language], { type }).of(code) ?? code;
  } catch {
    return code;
  }
};

export const languageName = (code) => display("language", code);
export const countryName = (code) => display("region", code);

export const short = (pseudonym) => String(pseudonym).slice(0, 4);

export function callName(conversation) {
  return conversation.name || `${t("somebody")} ${short(conversation.pseudonym)}`;
}
