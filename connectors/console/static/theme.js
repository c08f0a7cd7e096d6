// The colours: by the hour unless chosen. theme-first.js has applied them already.
const KEPT = "warmline.desk.theme";
const ORDER = ["auto", "dark", "light"];

export const chosenTheme = () => window.warmlineTheme.kept();

export function nextTheme() {
  const next = ORDER[(ORDER.indexOf(chosenTheme()) + 1) % ORDER.length];
  try { localStorage.setItem(KEPT, next); } catch { /* the hour decides */ }
  window.warmlineTheme.apply();
  return next;
}
