// The widget: a button and a panel on another site's page. One script tag; see docs/embedding.md.
//   <script src="https://chat.example.org/embed.js" data-language="en" data-side="right" defer></script>
(() => {
  "use strict";
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const texts = "__TEXTS__";
  const asked = script.dataset;
  const PRESSES = 3;
  const WITHIN_MS = 1500;
  const language = asked.language || document.documentElement.lang.slice(0, 2) || "en";
  const said = texts[language] || Object.values(texts)[0];

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; }
    .open, .panel { position: fixed; inset-block-end: max(1rem, env(safe-area-inset-bottom)); z-index: 2147483000; }
    .right { inset-inline-end: 1rem; } .left { inset-inline-start: 1rem; }
    .open { min-block-size: 3.25rem; padding: 0 1.4rem; border: 2px solid #fff; border-radius: 2rem; cursor: pointer;
      background: #285055; color: #fff; font: 600 1rem/1.2 system-ui, sans-serif; box-shadow: 0 .35rem 1.2rem rgb(20 40 45 / .35); }
    .open:hover { background: #1d4246; }
    .open:focus-visible { outline: 3px solid #285055; outline-offset: 3px; }
    .panel { inline-size: min(25rem, calc(100vw - 2rem)); block-size: min(42rem, calc(100dvh - 2rem)); border: 1px solid #9aa7a6;
      border-radius: 1.1rem; background: #f6f3ee; box-shadow: 0 .6rem 2.4rem rgb(20 40 45 / .35); }
    [hidden] { display: none; }
    @media (max-width: 30rem) { .panel { inset: 0; inline-size: 100%; block-size: 100%; border: 0; border-radius: 0; } }
  `;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const side = asked.side === "left" ? "left" : "right";

  const button = document.createElement("button");
  button.type = "button";
  button.className = `open ${side}`;
  button.textContent = asked.label || said.open;
  button.setAttribute("aria-expanded", "false");
  root.append(button);

  let frame = null;
  let ready = false;

  function makeFrame() {
    const address = new URL("/chat", home);
    address.searchParams.set("lang", language);
    if (asked.country) address.searchParams.set("country", asked.country);
    frame = document.createElement("iframe");
    frame.className = `panel ${side}`;
    frame.title = said.frame;
    frame.referrerPolicy = "no-referrer";
    frame.src = address.href;
    root.append(frame);
  }

  function show(open) {
    if (open && !frame) makeFrame();
    frame.hidden = !open;
    button.hidden = open;
    button.setAttribute("aria-expanded", String(open));
    tell(open);
    if (open) frame.focus();
    else {
      button.textContent = asked.label || said.open;
      button.focus();
    }
  }

  function tell(open) {
    if (ready) frame.contentWindow.postMessage({ warmline: "panel", open }, home);
  }

  function leave(url) {
    host.remove();
    if (/^https?:\/\//.test(url) || url.startsWith("/")) location.replace(new URL(url, home).href);
  }

  const heard = {
    ready: () => {
      ready = true;
      tell(!frame.hidden);
    },
    close: () => show(false),
    unread: ({ count }) => {
      button.textContent = said.unread.replace("{count}", count);
    },
    leave: ({ url }) => leave(String(url)),
  };

  window.addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
    heard[event.data?.warmline]?.(event.data);
  });
  button.addEventListener("click", () => show(true));

  let presses = [];
  window.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || event.repeat || !frame || frame.hidden) return;
      presses = [...presses.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
      if (presses.length >= PRESSES) frame.contentWindow.postMessage({ warmline: "leave" }, home);
    },
    true,
  );

  function begin() {
    document.body.append(host);
  }
  if (document.body) begin();
  else document.addEventListener("DOMContentLoaded", begin);
})();
