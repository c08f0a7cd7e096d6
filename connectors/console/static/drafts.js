// What was typed and not sent: kept in this tab until it is sent, put away or signed out.
const PREFIX = "warmline.desk.draft:";
const held = new Map();

export function draft(key) {
  if (held.has(key)) return held.get(key);
  try { return sessionStorage.getItem(PREFIX + key) ?? ""; } catch { return ""; }
}

export function keepDraft(key, text) {
  held.set(key, text);
  try {
    if (text) sessionStorage.setItem(PREFIX + key, text);
    else sessionStorage.removeItem(PREFIX + key);
  } catch { /* kept in the page alone */ }
}

export function dropAllDrafts() {
  held.clear();
  try {
    Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach((key) => sessionStorage.removeItem(key));
  } catch { /* nothing was kept */ }
}
