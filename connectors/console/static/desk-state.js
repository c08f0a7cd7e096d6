// What the desk knows: frames go in, listeners hear which part changed.

export class DeskState extends EventTarget {
  me = null;
  conversations = new Map();
  offers = [];
  waiting = 0;
  people = [];
  board = null;
  alerts = [];
  storeDown = false;

  take(frame) {
    const handler = this[`on_${frame.type}`];
    if (handler) handler.call(this, frame);
    this.dispatchEvent(new CustomEvent(frame.type, { detail: frame }));
  }

  on(type, listener) {
    this.addEventListener(type, (event) => listener(event.detail));
  }

  // What to resume from: {conversation: [feed seq, margin seq]}.
  held() {
    return Object.fromEntries([...this.conversations].map(([id, known]) => [id, [known.seq, known.marginSeq]]));
  }

  on_me(frame) { this.me = frame; }
  on_roster(frame) { this.people = frame.people; }
  on_board(frame) { this.board = frame; }
  on_trouble(frame) { this.storeDown = frame.store_down; }

  on_offers(frame) {
    const before = new Set(this.offers.map((offer) => offer.conversation));
    this.offers = frame.offers;
    this.waiting = frame.waiting;
    frame.arrived = frame.offers.filter((offer) => !before.has(offer.conversation));
  }

  on_alerts(frame) {
    const key = (alert) => `${alert.kind}:${alert.conversation}:${alert.at}`;
    const before = new Set(this.alerts.map(key));
    this.alerts = frame.alerts;
    frame.arrived = frame.alerts.filter((alert) => !before.has(key(alert)));
  }

  on_mine(frame) {
    const ids = new Set(frame.conversations.map((each) => each.id));
    frame.left = [...this.conversations.values()].filter((known) => !ids.has(known.view.id));
    for (const known of frame.left) this.conversations.delete(known.view.id);
    for (const view of frame.conversations) {
      const known = this.conversations.get(view.id);
      if (known) known.view = view;
      else this.conversations.set(view.id, { view, entries: [], notes: [], seq: 0, marginSeq: 0, delivered: 0, read: 0, unread: 0 });
    }
  }

  on_left(frame) {
    const known = this.conversations.get(frame.conversation);
    if (known) known.left = frame;
  }

  on_entry(frame) {
    const known = this.conversations.get(frame.conversation);
    if (!known || frame.seq <= known.seq) return;
    known.seq = frame.seq;
    known.entries.push(frame);
    frame.fresh = true;
  }

  on_margin(frame) {
    const known = this.conversations.get(frame.conversation);
    if (!known || frame.seq <= known.marginSeq) return;
    known.marginSeq = frame.seq;
    known.notes.push(frame);
    frame.fresh = true;
  }

  on_marks(frame) {
    const known = this.conversations.get(frame.conversation);
    if (known) Object.assign(known, { delivered: frame.delivered, read: frame.read });
  }
}
