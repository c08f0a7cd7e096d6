// The rail: are you here, and who is waiting for you.
import { countdown, now, span, tick } from "./clock.js";
import { h, keep, say, show } from "./dom.js";
import { counted, languageName, named, short, t } from "./words.js";

const STATES = ["available", "busy", "away"];

export class Rail {
  #made = new Map();

  constructor(state, deeds) {
    Object.assign(this, { state, deeds });
    this.list = h("ul", { class: "offers" });
    this.none = h("p", { class: "rail-none" });
    this.others = h("p", { class: "rail-others" });
    this.heading = h("h2", { id: "offers-heading", tabindex: "-1" }, t("offers.heading"));
    this.node = h("aside", { class: "rail", "aria-label": t("offers.heading") }, this.#presence(), this.heading, this.list, this.none, this.others);
    state.on("me", () => this.#showMe());
    state.on("offers", () => this.#showOffers());
  }

  focusOffers() {
    (this.list.querySelector("button") ?? this.heading).focus();
  }

  focusPresence() {
    this.node.querySelector(".presence input:checked")?.focus();
  }

  #presence() {
    this.radios = STATES.map((value) => h("input", {
      type: "radio", name: "presence", value, id: `presence-${value}`, onchange: () => this.#setPresence(value),
    }));
    this.hint = h("p", { class: "presence-hint", id: "presence-hint" });
    return h("fieldset", { class: "presence", "aria-describedby": "presence-hint" },
      h("legend", {}, t("presence.label")),
      h("div", { class: "presence-row" }, ...STATES.flatMap((value, place) => [
        this.radios[place],
        h("label", { for: `presence-${value}`, class: `presence-${value}` }, h("span", { class: "dot", "aria-hidden": "true" }), t(`presence.${value}`)),
      ])),
      this.hint);
  }

  async #setPresence(value) {
    if (!await this.deeds.setPresence(value)) this.#showMe();
  }

  #showMe() {
    const { me } = this.state;
    this.radios.forEach((radio) => { radio.checked = radio.value === me.presence; });
    tick(this.hint, () => this.#hint(me));
    this.#showOffers();
  }

  #hint(me) {
    if (me.presence === "away") return t(me.holding ? "presence.away_holding_hint" : "presence.away_hint");
    if (me.presence === "busy") return t("presence.busy_hint");
    if (me.resting_until > now()) return t("presence.resting", { time: countdown(me.resting_until) });
    if (me.holding >= me.capacity) return t("presence.full", { count: me.holding, capacity: me.capacity });
    return t("presence.available_hint");
  }

  #showOffers() {
    const { offers, waiting, me } = this.state;
    keep(this.list, offers.map((offer) => offer.conversation), this.#made, () => new Offer(this.deeds));
    offers.forEach((offer) => this.#made.get(offer.conversation).update(offer));
    const away = me && me.presence !== "available";
    show(say(this.none, t(away ? "offers.none_away" : "offers.none")), !offers.length);
    const others = waiting - offers.length;
    show(say(this.others, away ? counted("offers.waiting", others) : counted("offers.others", others)), others > 0);
  }
}

class Offer {
  constructor(deeds) {
    this.deeds = deeds;
    this.tier = h("span", { class: "tier" });
    this.wait = h("span", { class: "offer-wait" });
    this.yours = h("p", { class: "offer-yours" }, t("offers.yours"));
    this.why = h("p", { class: "offer-why" });
    this.about = h("p", { class: "offer-about" });
    this.small = h("p", { class: "offer-small" });
    this.accept = h("button", { class: "primary", onclick: () => this.#accept() }, t("offers.accept"));
    this.decline = h("button", { class: "quiet", onclick: () => deeds.decline(this.offer) }, t("offers.decline"));
    this.node = h("li", { class: "offer" },
      this.yours,
      h("div", { class: "offer-top" }, this.tier, this.wait),
      this.about, this.why, this.small,
      h("div", { class: "offer-row" }, this.accept, this.decline));
  }

  update(offer) {
    this.offer = offer;
    const who = short(offer.pseudonym);
    const wait = () => t("offers.wait", { time: span(now() - offer.since) });
    this.node.dataset.tier = offer.tier;
    this.node.dataset.conversation = offer.conversation;
    this.node.classList.toggle("is-yours", offer.yours);
    show(this.yours, offer.yours);
    say(this.tier, t(`tier.${offer.tier}`));
    tick(this.wait, wait);
    show(say(this.why, offer.reasons.join(" · ")), offer.reasons.length > 0);
    const topics = offer.topics.map((topic) => named("topic", topic)).join(", ");
    show(say(this.about, topics), Boolean(topics));
    say(this.small, this.#small(offer).join(" · "));
    this.accept.setAttribute("aria-label", t("offers.accept_long", { who, tier: t(`tier.${offer.tier}`), wait: wait() }));
    this.decline.setAttribute("aria-label", t("offers.decline_long", { who }));
  }

  #small(offer) {
    const wishes = offer.wishes_met ? t("offers.wishes_met", { met: offer.wishes_met, count: counted("offers.wishes", offer.wishes) }) : counted("offers.wishes", offer.wishes);
    return [
      languageName(offer.language),
      offer.heaviness === null ? "" : t("offers.heaviness", { value: offer.heaviness }),
      offer.wishes ? wishes : "",
      offer.minor ? t("offers.minor") : "",
    ].filter(Boolean);
  }

  async #accept() {
    this.accept.disabled = true;
    await this.deeds.accept(this.offer.conversation);
    this.accept.disabled = false;
  }
}
