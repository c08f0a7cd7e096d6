// The socket: connects, comes back, and keeps what was not confirmed until it is.
import { now } from "./clock.js";

const AGAIN = [500, 1000, 2000, 4000, 8000, 15000];
const RETRY = 2500;
const RESTARTING = 1012;
const ELSEWHERE = 600;
const KEPT = "warmline.desk.unsent";
const ANSWERS = new Set(["ok", "refused", "found", "reviews", "safeguarding", "reports", "report"]);

export const freshId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Link {
  #socket = null;
  #tries = 0;
  #asked = new Map();
  #timer = null;
  #over = false;
  #moving = false;

  // `hello()` gives what the page still holds; `on(frame)` takes every frame; `onState(state)`: opening, open, lost, over.
  constructor({ url, hello, on, onState }) {
    Object.assign(this, { url, hello, on, onState });
    this.unsent = this.#restore();
    addEventListener("online", () => this.#soon(0));
    setInterval(() => this.#resend(), RETRY);
    setInterval(() => this.send({ type: "ping" }), 25000);
  }

  open() {
    clearTimeout(this.#timer);
    if (!this.#moving) this.onState(this.#tries ? "lost" : "opening");
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", after: this.hello() }));
    socket.onmessage = (message) => this.#take(JSON.parse(message.data));
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN && this.ready === true;
  }

  send(frame) {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  // Asks once; resolves with {ok, code, next, frame}. Without a connection it says so at once.
  ask(frame) {
    const id = freshId();
    return new Promise((resolve) => {
      this.#asked.set(id, { resolve, frame: { ...frame, id } });
      if (!this.send({ ...frame, id })) this.#settle(id, { ok: false, code: "offline", next: null });
    });
  }

  // Words: kept, in this tab only, until the service has them; tried again with the same id.
  keepSending(type, conversation, text) {
    const kept = { type, conversation, text, id: freshId(), at: now(), last: 0, why: null };
    this.unsent.push(kept);
    this.#store();
    this.#try(kept);
    return kept;
  }

  drop(id) {
    const found = this.unsent.find((each) => each.id === id);
    this.unsent = this.unsent.filter((each) => each.id !== id);
    this.#store();
    return found;
  }

  dropAll(conversation) {
    this.unsent = this.unsent.filter((each) => each.conversation !== conversation);
    this.#store();
  }

  close() {
    this.#over = true;
    this.#socket?.close();
    try { sessionStorage.removeItem(KEPT); } catch { /* storage may be forbidden: then nothing was kept */ }
  }

  #take(frame) {
    if (frame.type === "welcome") {
      this.#tries = 0;
      this.#moving = false;
      this.ready = true;
      this.onState("open");
      this.unsent.forEach((each) => { each.last = 0; });
    }
    if (frame.type === "bye") {
      this.#over = frame.again === null;
      this.bye = frame;
    }
    if (ANSWERS.has(frame.type)) this.#answered(frame);
    this.on(frame);
    if (frame.type === "welcome") this.#resend();
    if (frame.type === "welcome") this.#asked.forEach((each) => this.send(each.frame));
  }

  #answered(frame) {
    const kept = this.unsent.find((each) => each.id === frame.id);
    if (kept && frame.type === "ok") this.drop(kept.id);
    if (kept && frame.type === "ok") this.#resend();
    if (kept && frame.type === "refused" && !["store_down", "busy", "too_fast"].includes(frame.code)) kept.why = frame.next;
    this.#store();
    this.#settle(frame.id, { ok: frame.type !== "refused", code: frame.code, next: frame.next, frame });
  }

  #settle(id, answer) {
    this.#asked.get(id)?.resolve(answer);
    this.#asked.delete(id);
  }

  // In order within a conversation: a later message waits until the one before it has been taken.
  #resend() {
    const ahead = new Set();
    for (const kept of this.unsent) {
      const queue = `${kept.type}:${kept.conversation}`;
      if (kept.why) continue;
      if (!ahead.has(queue) && Date.now() - kept.last > RETRY) this.#try(kept);
      ahead.add(queue);
    }
  }

  #try(kept) {
    const before = this.unsent.find((each) => !each.why && each.type === kept.type && each.conversation === kept.conversation);
    if (before !== kept) return;
    const { type, conversation, text, id } = kept;
    if (this.send({ type, conversation, text, id })) kept.last = Date.now();
  }

  // 1012: the process at the other end goes in order. Another takes over, what was asked is asked there, once.
  #closed(socket, code) {
    if (socket !== this.#socket) return;
    const elsewhere = code === RESTARTING && this.ready && !this.#over;
    this.ready = false;
    this.#moving = elsewhere;
    if (elsewhere) return this.#soon(Math.random() * ELSEWHERE);
    for (const id of [...this.#asked.keys()]) this.#settle(id, { ok: false, code: "offline", next: null });
    if (this.#over) return this.onState("over");
    this.onState("lost");
    const wait = this.bye?.again ? this.bye.again * 1000 : AGAIN[Math.min(this.#tries, AGAIN.length - 1)];
    this.bye = null;
    this.#tries += 1;
    this.#soon(wait * (0.7 + Math.random() * 0.6));
  }

  #soon(wait) {
    if (this.#over || this.#socket?.readyState <= WebSocket.OPEN) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.open(), wait);
  }

  #store() {
    try { sessionStorage.setItem(KEPT, JSON.stringify(this.unsent)); } catch { /* kept in the page alone */ }
  }

  #restore() {
    try {
      return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]").map((each) => ({ ...each, last: 0 }));
    } catch {
      return [];
    }
  }
}
