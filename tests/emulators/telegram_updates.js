// What people did, on its way to the bot: kept, fetched or posted, repeated and mixed up on demand.
//
// The package knows messages and taps only, marks an update as read when it was fetched, and posts to a webhook once,
// without a secret. Here, as with Telegram:
// - an update of any kind is kept as it came, unless the bot said in `allowed_updates` that it does not want its kind;
// - fetching waits for something to come, answers in order, and confirms only what is below its `offset`;
// - fetching is refused (409) while a webhook is set;
// - a webhook gets the secret in a header, one update after the other, and the same one again until it answers 2xx.
const axios = require('axios');
const { TelegramServer } = require('telegram-test-api/lib/telegramServer');

const PAUSE = 200;
const BATCH = 100;
const pause = (millis) => new Promise((go) => setTimeout(go, millis));

TelegramServer.formatUpdate = (update) => ({ update_id: update.updateId, ...update.raw });

class Updates {
  constructor(server) {
    this.server = server;
    this.allowed = {};
    this.pushing = new Set();
    this.waiting = new Set();
    this.held = false;
    this.order = [];
    this.lostAcks = 0;
    this.pushed = [];
  }

  add(token, raw) {
    const message = raw.message || raw.channel_post;
    if (message && !message.message_id) message.message_id = this.server.messageId;
    this.server.messageId += 1;
    const update = { ...this.server.getCommonFields(token), raw };
    this.server.updateId += 1;
    const allowed = this.allowed[token];
    update.isRead = Boolean(allowed && allowed.length && !allowed.some((kind) => kind in raw));
    this.server.storage.userMessages.push(update);
    this.wake(token);
    return { update_id: update.updateId, message_id: message && message.message_id };
  }

  // Not confirmed, oldest first; nothing at all while they are held.
  open(token) {
    if (this.held) return [];
    return this.server.storage.userMessages
      .filter((each) => each.botToken === token && !each.isRead)
      .sort((one, other) => one.updateId - other.updateId);
  }

  find(id) { return this.server.storage.userMessages.find((each) => each.updateId === id); }

  again(token, id) {
    Object.assign(this.find(id), { isRead: false, repeated: true });
    this.order.push(id);
    this.wake(token);
  }

  // From now on in this order (ids, which may repeat); a webhook sees it so, fetching always answers by id.
  release(token, order) {
    this.held = false;
    this.order.push(...order);
    for (const id of order) this.find(id).isRead = false;
    this.wake(token);
  }

  wake(token) {
    for (const go of this.waiting) go();
    this.push(token);
  }

  async fetch(token, { offset = 0, timeout = 0, limit = BATCH }, gone) {
    const end = Date.now() + Number(timeout) * 1000;
    for (const each of this.server.storage.userMessages) {
      if (each.botToken === token && each.updateId < Number(offset) && !each.repeated) each.isRead = true;
    }
    while (!this.open(token).length && Date.now() < end && !gone()) {
      await Promise.race([pause(Math.max(1, Math.min(500, end - Date.now()))), new Promise((go) => this.waiting.add(go))]);
      this.waiting.clear();
    }
    if (gone()) return [];
    this.order = [];
    const given = this.open(token).slice(0, Number(limit) || BATCH);
    for (const each of given) each.repeated = false;
    return given.map(TelegramServer.formatUpdate);
  }

  next(token) {
    while (this.order.length && !this.held) {
      const update = this.find(this.order[0]);
      if (update && update.botToken === token) return update;
      this.order.shift();
    }
    return this.open(token)[0];
  }

  async push(token) {
    const hook = () => this.server.webhooks[token];
    if (!hook() || !hook().url || this.pushing.has(token)) return;
    this.pushing.add(token);
    try {
      for (let update = this.next(token); update && hook() && hook().url; update = this.next(token)) {
        const done = await this.post(hook(), update);
        if (done) {
          if (this.order[0] === update.updateId) this.order.shift();
          update.isRead = !this.order.includes(update.updateId);
        } else await pause(PAUSE);
      }
    } finally { this.pushing.delete(token); }
  }

  async post(hook, update) {
    const headers = hook.secret_token ? { 'X-Telegram-Bot-Api-Secret-Token': hook.secret_token } : {};
    const data = TelegramServer.formatUpdate(update);
    let status = 0;
    try { status = (await axios({ url: hook.url, method: 'POST', data, headers, timeout: 60000 })).status; } catch (error) {
      status = error.response ? error.response.status : 0;
    }
    const lost = status === 200 && this.lostAcks > 0;
    if (lost) this.lostAcks -= 1;
    this.pushed.push({ update_id: update.updateId, status, lost });
    return status >= 200 && status < 300 && !lost;
  }
}

module.exports = { Updates };
