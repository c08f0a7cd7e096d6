// Runs before the first paint, so that a night page never flashes white.
(() => {
  const night = () => {
    const hour = new Date().getHours();
    return hour >= 20 || hour < 7 || matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const kept = () => {
    try {
      return localStorage.getItem("warmline.desk.theme") || "auto";
    } catch {
      return "auto";
    }
  };
  const apply = () => {
    const chosen = kept();
    document.documentElement.dataset.theme = chosen === "auto" ? (night() ? "dark" : "light") : chosen;
  };
  window.warmlineTheme = { apply, kept };
  apply();
  setInterval(apply, 60000);
})();
