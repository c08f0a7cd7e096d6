// Runs before anything is painted and depends on nothing: the chosen light or dark, and the ways to leave.
(() => {
  "use strict";
  const page = document.documentElement;
  const PRESSES = 3;
  const WITHIN_MS = 1500;
  let presses = [];

  function storages() {
    const found = [];
    for (const name of ["localStorage", "sessionStorage"]) {
      try {
        found.push(window[name]);
      } catch {
        // A browser that blocks storage has kept nothing.
      }
    }
    return found;
  }

  function leave() {
    for (const storage of storages()) storage.clear();
    window.dispatchEvent(new Event("warmline:leave"));
    document.title = "";
    document.body.replaceChildren();
    if (window.parent === window) {
      location.replace(page.dataset.leave);
    } else {
      window.parent.postMessage({ warmline: "leave", url: page.dataset.leave }, "*");
      location.replace("about:blank");
    }
  }

  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.repeat) return;
      presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
      if (presses.length >= PRESSES) leave();
    },
    true,
  );
  window.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-leave-now]")) leave();
  });
  // The site around this frame saw Escape three times.
  window.addEventListener("message", (event) => {
    if (window.parent !== window && event.source === window.parent && event.data?.warmline === "leave") leave();
  });
  // Another tab left: everything was cleared, so this one goes as well.
  window.addEventListener("storage", (event) => {
    if (event.key === null) leave();
  });

  page.dataset.embedded = String(window.parent !== window);
  const night = window.matchMedia("(prefers-color-scheme: dark)");

  function showTheme() {
    const kept = storages()[0]?.getItem("warmline.theme");
    page.dataset.theme = kept ?? (night.matches ? "dark" : "light");
  }
  night.addEventListener("change", showTheme);
  window.addEventListener("warmline:theme", showTheme);
  showTheme();
})();
