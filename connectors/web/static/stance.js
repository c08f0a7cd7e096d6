// Where things stand: one line under the name, and a panel while somebody waits.

import { byId, make } from "./dom.js";
import { say } from "./texts.js";

export function stanceText(state) {
  if (!state) return say("stance.connecting");
  if (state.phase === "live" || state.phase === "closing") {
    if (state.phase === "live") {
      return state.supporter ? say("stance.live", { name: state.supporter }) : say("stance.live_unnamed");
    }
    return say("stance.closing");
  }
  return say(KNOWN.has(state.phase) ? `stance.${state.phase}` : "stance.none");
}

const KNOWN = new Set(["none", "intake", "waiting", "closed"]);

export function showStance(text, phase) {
  const element = byId("stance");
  if (element.textContent !== text) element.textContent = text;
  document.documentElement.dataset.phase = phase ?? "";
}

/** The panel while waiting; `breathe` opens the breathing exercise. */
export class Waiting {
  #place = byId("waiting");
  #words = make("p", { role: "status" });
  #panel;
  #shown = "";

  constructor({ breathe }) {
    this.#panel = make(
      "section",
      { class: "waiting", "aria-label": say("waiting.heading") },
      this.#words,
      make("button", { type: "button", class: "soft", text: say("waiting.breathe"), on: { click: breathe } }),
    );
  }

  show(state) {
    if (state?.phase !== "waiting") {
      this.#place.replaceChildren();
      return;
    }
    if (!this.#panel.isConnected) this.#place.append(this.#panel);
    const text = waitingText(state);
    if (this.#shown === text) return;
    this.#shown = text;
    const stay = state.staffed === false ? null : make("span", { class: "stay", text: say("waiting.stay") });
    this.#words.replaceChildren(...[text, " ", stay].filter(Boolean));
  }
}

function waitingText(state) {
  return state.staffed === false ? say("waiting.nobody") : `${position(state)} ${estimate(state)}`;
}

function position(state) {
  if (state.position === null || state.position === undefined) return say("waiting.no_position");
  return state.position === 1 ? say("waiting.next") : say("waiting.position", { position: state.position });
}

function estimate(state) {
  if (!state.estimate) return say("waiting.estimate_unknown");
  const [low, high] = state.estimate;
  if (high <= 1) return say("waiting.estimate_soon");
  return say(low === high ? "waiting.estimate_same" : "waiting.estimate", { low, high });
}
