// The line to the service: one WebSocket, resumed from the last sequence number, and an outbox that loses nothing.
// Events: status, welcome, entry, state, marks, typing, card, link, sent, unsent, troubled, erased, ended.

import { kept } from "./kept.js";
import { outbox } from "./outbox.js";

const TOKEN = "token";
const ANSWER_MS = 10_000;
const PING_MS = 20_000;
const SILENT_MS = 45_000;
const LONGEST_PAUSE_MS = 15_000;
const FIRST_PAUSE_MS = 400;
const NOT_SAVED = new Set(["store_down", "busy", "too_fast"]);
const STEADY_MS = 5000;
const ACKNOWLEDGE_MS = 300;
const MOVED_MS = 500;
const RESTARTING = 1012;
const ELSEWHERE_MS = 600;

export class Line extends EventTarget {
  #language;
  #country;
  #socket = null;
  #open = false;
  #last = 0;
  #tries = 0;
  #flying = null;
  #answerTimer = 0;
  #retryTimer = 0;
  #connectTimer = 0;
  #steadyTimer = 0;
  #heardAt = 0;
  #welcomed = null;
  #ended = false;
  #startOver = false;
  #moving = false;
  #acknowledgements = { got: 0, read: 0 };
  #acknowledgeTimer = 0;

  constructor({ language, country }) {
    super();
    this.#language = language;
    this.#country = country;
    window.addEventListener("online", () => this.connect());
    window.addEventListener("offline", () => this.#drop());
    window.addEventListener("pageshow", (event) => event.persisted && this.connect());
    window.addEventListener("warmline:leave", () => this.end());
    setInterval(() => this.#keepAlive(), PING_MS);
  }

  get isOpen() {
    return this.#open;
  }

  connect() {
    if (this.#socket || this.#ended) return;
    clearTimeout(this.#connectTimer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/chat/ws`);
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.addEventListener("open", () => this.#greet(socket));
    socket.addEventListener("message", (message) => this.#socket === socket && this.#take(JSON.parse(message.data)));
    socket.addEventListener("close", ({ code }) => this.#socket === socket && this.#closed(code));
    if (!this.#moving) this.#tell("status", { status: "connecting" });
  }

  /** Nothing more is sent or received. */
  end() {
    this.#ended = true;
    this.#drop();
  }

  /** Keep words and send them as soon as possible. Returns the kept item. */
  post(frame) {
    const item = outbox.add(frame);
    this.#sendNext();
    return item;
  }

  /** Everything up to `seq` is on the page; `read`: and the page is looked at. */
  acknowledge(seq, read) {
    this.#acknowledgements.got = Math.max(this.#acknowledgements.got, seq);
    if (read) this.#acknowledgements.read = Math.max(this.#acknowledgements.read, seq);
    this.#acknowledgeTimer ||= setTimeout(() => this.#sendAcknowledgements(), ACKNOWLEDGE_MS);
  }

  /** Ask for a code for another channel, or link this page to where `code` was made. Not kept: it is asked anew. */
  link(code = "") {
    if (this.#open) this.#send({ type: "link", id: `link-${Date.now().toString(36)}`, code });
    return this.#open;
  }

  typing() {
    if (this.#open) this.#send({ type: "typing" });
  }

  // Two tabs that open at once must not begin two sessions: without a key they greet one after the other.
  async #greet(socket) {
    if (kept.get(TOKEN) || !navigator.locks) return this.#hello(socket);
    const inTurn = () => {
      const welcomed = new Promise((resolve) => (this.#welcomed = resolve));
      this.#hello(socket);
      return welcomed;
    };
    // Inside another site's page a browser may refuse turns; there is hardly ever a second tab there.
    return navigator.locks.request("warmline.hello", inTurn).catch(() => this.#hello(socket));
  }

  #hello(socket) {
    if (this.#socket !== socket) return this.#welcomed?.();
    const token = kept.get(TOKEN);
    const after = this.#startOver ? 0 : this.#last;
    this.#send({ type: "hello", token, after, language: this.#language, country: this.#country });
  }

  #take(frame) {
    this.#heardAt = performance.now();
    const known = {
      welcome: () => this.#welcome(frame),
      entry: () => this.#entry(frame),
      ok: () => this.#answered(frame.id),
      refused: () => this.#refused(frame),
      erased: () => this.#erased(),
      moved: () => this.#moved(),
      bye: () => this.#bye(frame),
    };
    (known[frame.type] ?? (() => this.#tell(frame.type, frame)))();
  }

  #welcome(frame) {
    kept.set(TOKEN, frame.token);
    this.#moving = false;
    this.#open = true;
    this.#steadyTimer = setTimeout(() => (this.#tries = 0), STEADY_MS);
    this.#welcomed?.();
    const anew = this.#startOver || frame.fresh || (frame.seq !== null && frame.seq < this.#last);
    this.#startOver = false;
    if (anew) {
      this.#last = 0;
      this.#acknowledgements = { got: 0, read: 0 };
    }
    this.#tell("status", { status: "open" });
    this.#tell("welcome", { ...frame, anew });
    this.#flying = null;
    this.#sendNext();
    this.#sendAcknowledgements();
  }

  #entry(frame) {
    if (frame.seq <= this.#last) return;
    if (frame.seq > this.#last + 1) {
      this.#drop();
      this.connect();
      return;
    }
    this.#last = frame.seq;
    if (frame.refers) outbox.remove(frame.refers);
    this.#tell("entry", frame);
    if (frame.refers && frame.refers === this.#flying) this.#landed();
  }

  #answered(id) {
    const item = outbox.all().find((each) => each.id === id);
    outbox.remove(id);
    this.#tell("sent", { id, item });
    if (id === this.#flying) this.#landed();
  }

  #refused(frame) {
    if (!frame.id) return;
    if (NOT_SAVED.has(frame.code)) {
      this.#tell("troubled", frame);
      clearTimeout(this.#answerTimer);
      this.#flying = null;
      this.#tries += 1;
      this.#retryTimer = setTimeout(() => this.#sendNext(), this.#pause());
      return;
    }
    const item = outbox.all().find((each) => each.id === frame.id);
    outbox.remove(frame.id);
    if (item) this.#tell("unsent", { item, next: frame.next });
    if (frame.id === this.#flying) this.#landed();
  }

  #landed() {
    this.#flying = null;
    this.#tries = 0;
    clearTimeout(this.#answerTimer);
    this.#sendNext();
  }

  // One at a time, so that what was written first is kept first whatever happens in between.
  #sendNext() {
    clearTimeout(this.#retryTimer);
    const item = this.#open && !this.#flying ? outbox.first() : null;
    if (!item) return;
    const { at, ...frame } = item;
    this.#flying = item.id;
    this.#answerTimer = setTimeout(() => {
      this.#drop();
      this.connect();
    }, ANSWER_MS);
    this.#send(frame);
  }

  #sendAcknowledgements() {
    clearTimeout(this.#acknowledgeTimer);
    this.#acknowledgeTimer = 0;
    if (!this.#open) return;
    const { got, read } = this.#acknowledgements;
    if (read && read === got) this.#send({ type: "read", seq: read });
    else {
      if (got) this.#send({ type: "got", seq: got });
      if (read) this.#send({ type: "read", seq: read });
    }
  }

  #erased() {
    kept.remove(TOKEN);
    outbox.clear();
    this.end();
    this.#tell("erased", {});
  }

  // Another channel of the same person: the conversation there is read from its beginning, once the answer has come.
  #moved() {
    this.#startOver = true;
    setTimeout(() => {
      this.#drop();
      this.connect();
    }, MOVED_MS);
  }

  #bye(frame) {
    this.#socket = null;
    this.#lost(frame.again === null ? null : frame.again * 1000);
    if (frame.again === null) {
      this.#ended = true;
      this.#tell("ended", frame);
    }
  }

  #keepAlive() {
    if (!this.#socket) return;
    if (performance.now() - this.#heardAt > SILENT_MS) {
      this.#drop();
      this.connect();
    } else if (this.#open) this.#send({ type: "ping" });
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#lost();
  }

  // The process at the other end goes in order: another one takes over, and nobody need know. Once; then it is a loss.
  #closed(code) {
    if (code !== RESTARTING || !this.#open || this.#ended) return this.#lost();
    this.#moving = true;
    this.#socket = null;
    this.#open = false;
    this.#flying = null;
    clearTimeout(this.#answerTimer);
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#steadyTimer);
    this.#connectTimer = setTimeout(() => this.connect(), Math.random() * ELSEWHERE_MS);
  }

  #lost(pause) {
    this.#moving = false;
    this.#socket = null;
    this.#open = false;
    this.#flying = null;
    this.#welcomed?.();
    clearTimeout(this.#answerTimer);
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#steadyTimer);
    this.#tell("status", { status: navigator.onLine ? "lost" : "offline" });
    if (this.#ended || pause === null) return;
    this.#tries += 1;
    this.#connectTimer = setTimeout(() => this.connect(), pause ?? this.#pause());
  }

  #pause() {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#tries, 8));
    return pause * (0.5 + Math.random() / 2);
  }

  #send(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
