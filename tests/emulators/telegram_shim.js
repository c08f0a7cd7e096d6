// telegram-test-api 4.2.1, made to answer as Telegram's Bot API does where python-telegram-bot 22 needs it.
// The package keeps the messages and updates; every addition below says what the real service does.
//
// usage: node telegram_shim.js PORT
// For tests: POST /_update {token, update}: something a person did; POST /_file (bytes): something a person uploads;
// POST /_block {chat, blocked}; GET /_chat/:token/:chat: what stands in a chat now; POST /_again {token, update_id}.
const http = require('http');
const axios = require('axios');
const express = require('express');
const { TelegramServer } = require('telegram-test-api/lib/telegramServer');

const port = Number(process.argv[2]);
const server = new TelegramServer({ port, host: '127.0.0.1', storeTimeout: 3600 });
const files = new Map();
const blocked = new Set();
const left = [];
const actions = [];
const profile = {};
const waiting = new Set();
let lastFile = 0;

const me = (token) => ({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'Harbour', username: 'harbour_test_bot' });
const answer = (res, result) => res.json({ ok: true, result });
const refuse = (res, code, description) => res.status(code).json({ ok: false, error_code: code, description });
const json = (value) => (typeof value === 'string' ? JSON.parse(value) : value);
const seconds = (millis) => Math.floor(millis / 1000);

// Updates of every kind are kept as they came; the package itself knows messages and taps only.
TelegramServer.formatUpdate = (update) => ({ update_id: update.updateId, ...update.raw });

function add(token, raw) {
  const update = { ...server.getCommonFields(token), raw };
  if (raw.message && !raw.message.message_id) { raw.message.message_id = server.messageId; server.messageId += 1; }
  server.updateId += 1;
  server.storage.userMessages.push(update);
  wake(token);
  return update.updateId;
}

function wake(token) {
  for (const go of waiting) go();
  push(token);
}

// A webhook gets its updates one after the other; an answer that is no success brings the same one again.
const pushing = new Set();
async function push(token) {
  const hook = server.webhooks[token];
  if (!hook || !hook.url || pushing.has(token)) return;
  pushing.add(token);
  try {
    for (;;) {
      const next = server.storage.userMessages.find((each) => each.botToken === token && !each.isRead);
      if (!next || !server.webhooks[token]) return;
      const headers = hook.secret_token ? { 'X-Telegram-Bot-Api-Secret-Token': hook.secret_token } : {};
      try {
        await axios({ url: hook.url, method: 'POST', data: TelegramServer.formatUpdate(next), headers, timeout: 60000 });
        next.isRead = true;
      } catch (error) {
        await new Promise((go) => setTimeout(go, 200));
      }
    }
  } finally { pushing.delete(token); }
}

const app = express();
const bot = '/bot:token/';

app.post('/_file', express.raw({ type: '*/*', limit: '60mb' }), (req, res) => {
  lastFile += 1;
  files.set(`in${lastFile}`, req.body);
  res.json({ file_id: `in${lastFile}`, file_size: req.body.length });
});

// Uploads come as forms with parts; the package reads JSON alone.
app.use(async (req, res, next) => {
  if (!/multipart\/form-data/.test(req.headers['content-type'] || '')) return next();
  const parts = [];
  for await (const part of req) parts.push(part);
  const form = await new Response(Buffer.concat(parts), { headers: { 'content-type': req.headers['content-type'] } }).formData();
  req.body = {};
  req._body = true;
  for (const [key, value] of form) {
    if (typeof value === 'string') { req.body[key] = value; continue; }
    lastFile += 1;
    files.set(`out${lastFile}`, Buffer.from(await value.arrayBuffer()));
    req.body[key] = `out${lastFile}`;
  }
  return next();
});
app.use(express.json({ limit: '5mb' }), express.urlencoded({ extended: true, limit: '5mb' }));

// Whoever blocked the bot can't be sent to.
app.use(bot, (req, res, next) => {
  const sends = /^\/(send|edit|delete|forward|copy)/.test(req.path);
  if (sends && blocked.has(String(req.body.chat_id))) return refuse(res, 403, 'Forbidden: bot was blocked by the user');
  return next();
});

app.all(`${bot}getMe`, (req, res) => answer(res, me(req.params.token)));

// What was answered below the offset is confirmed and never comes again; the question waits for an answer.
app.all(`${bot}getUpdates`, async (req, res) => {
  const { token } = req.params;
  const offset = Number(req.body.offset || 0);
  const end = Date.now() + Number(req.body.timeout || 0) * 1000;
  for (const each of server.storage.userMessages) if (each.botToken === token && each.updateId < offset) each.isRead = true;
  const open = () => server.storage.userMessages.filter((each) => each.botToken === token && !each.isRead);
  while (!open().length && Date.now() < end && !req.socket.destroyed) {
    await new Promise((go) => { const once = () => { waiting.delete(once); go(); }; waiting.add(once); setTimeout(once, Math.max(1, Math.min(500, end - Date.now()))); });
  }
  answer(res, open().slice(0, 100).map(TelegramServer.formatUpdate));
});

app.all(`${bot}setWebhook`, (req, res) => { server.setWebhook(req.body, req.params.token); answer(res, true); push(req.params.token); });
app.all(`${bot}deleteWebhook`, (req, res) => { server.deleteWebhook(req.params.token); answer(res, true); });
app.all(`${bot}getWebhookInfo`, (req, res) => {
  const { url = '' } = server.webhooks[req.params.token] || {};
  answer(res, { url, has_custom_certificate: false, pending_update_count: 0 });
});

// Texts over the limit, and empty ones, are refused.
function shown(req, fields) {
  const sent = server.addBotMessage({ ...req.body, ...fields }, req.params.token);
  const kept = server.storage.botMessages.at(-1);
  const message = {
    message_id: sent.message_id, date: seconds(sent.date), from: me(req.params.token),
    chat: { id: Number(req.body.chat_id), type: 'private', first_name: 'Somebody' }, ...fields,
  };
  if (req.body.text !== undefined) { message.text = req.body.text; message.entities = json(req.body.entities || '[]'); }
  if (req.body.caption) { message.caption = req.body.caption; message.caption_entities = json(req.body.caption_entities || '[]'); }
  if (sent.reply_markup) message.reply_markup = sent.reply_markup;
  kept.shown = message;
  return message;
}
const textFault = (text) => (!text ? 'Bad Request: message text is empty' : text.length > 4096 ? 'Bad Request: message is too long' : '');

app.all(`${bot}sendMessage`, (req, res) => {
  const fault = textFault(req.body.text);
  return fault ? refuse(res, 400, fault) : answer(res, shown(req, {}));
});
for (const [method, kind] of [['sendPhoto', 'photo'], ['sendVoice', 'voice'], ['sendDocument', 'document']]) {
  app.all(bot + method, (req, res) => {
    const id = String(req.body[kind]).replace('attach://', '');
    const file = { file_id: id, file_unique_id: `u${id}`, file_size: (files.get(id) || '').length };
    const media = { photo: [{ ...file, width: 1, height: 1 }], voice: { ...file, duration: Number(req.body.duration || 1) }, document: file }[kind];
    answer(res, shown(req, { text: undefined, [kind]: media }));
  });
}

const found = (req) => server.storage.botMessages.find((each) => each.shown
  && String(each.messageId) === String(req.body.message_id) && String(each.shown.chat.id) === String(req.body.chat_id));

// Edits answer with the message as it is now.
app.all(`${bot}editMessageText`, (req, res) => {
  const kept = found(req);
  if (!kept) return refuse(res, 400, 'Bad Request: message to edit not found');
  const fault = textFault(req.body.text);
  if (fault) return refuse(res, 400, fault);
  server.editMessageText(req.body);
  Object.assign(kept.shown, { text: req.body.text, entities: json(req.body.entities || '[]'), edit_date: seconds(Date.now()) });
  if (req.body.reply_markup) kept.shown.reply_markup = json(req.body.reply_markup); else delete kept.shown.reply_markup;
  return answer(res, kept.shown);
});
app.all(`${bot}editMessageReplyMarkup`, (req, res) => {
  const kept = found(req);
  if (!kept) return refuse(res, 400, 'Bad Request: message to edit not found');
  if (req.body.reply_markup) kept.shown.reply_markup = json(req.body.reply_markup); else delete kept.shown.reply_markup;
  return answer(res, kept.shown);
});
app.all(`${bot}deleteMessage`, (req, res) => {
  const kept = found(req);
  if (!kept) return refuse(res, 400, 'Bad Request: message to delete not found');
  server.removeBotMessage(kept.updateId);
  return answer(res, true);
});

app.all(`${bot}getFile`, (req, res) => {
  const { file_id: id } = req.body;
  if (!files.has(id)) return refuse(res, 400, 'Bad Request: invalid file_id');
  return answer(res, { file_id: id, file_unique_id: `u${id}`, file_size: files.get(id).length, file_path: `f/${id}` });
});
app.get('/file/bot:token/f/:id', (req, res) => (files.has(req.params.id) ? res.send(files.get(req.params.id)) : res.sendStatus(404)));

app.all(`${bot}leaveChat`, (req, res) => { left.push(String(req.body.chat_id)); answer(res, true); });
app.all(`${bot}sendChatAction`, (req, res) => { actions.push([String(req.body.chat_id), req.body.action]); answer(res, true); });
for (const method of ['setMyCommands', 'setMyDescription', 'setMyShortDescription', 'setChatMenuButton', 'answerCallbackQuery', 'setMessageReaction']) {
  app.all(bot + method, (req, res) => { profile[`${method}:${req.body.language_code || ''}`] = req.body; answer(res, true); });
}

app.post('/_update', (req, res) => res.json({ update_id: add(req.body.token, req.body.update) }));
app.post('/_again', (req, res) => {
  const update = server.storage.userMessages.find((each) => each.updateId === req.body.update_id);
  update.isRead = false;
  wake(req.body.token);
  res.json({});
});
app.post('/_block', (req, res) => { if (req.body.blocked) blocked.add(String(req.body.chat)); else blocked.delete(String(req.body.chat)); res.json({}); });
app.get('/_chat/:token/:chat', (req, res) => res.json({
  messages: server.storage.botMessages.filter((each) => each.shown && String(each.shown.chat.id) === req.params.chat).map((each) => each.shown),
  typing: actions.filter(([chat]) => chat === req.params.chat).length,
  left: left.includes(req.params.chat),
}));
app.get('/_profile', (req, res) => res.json(profile));
app.get('/_file/:id', (req, res) => (files.has(req.params.id) ? res.send(files.get(req.params.id)) : res.sendStatus(404)));
app.get('/_open/:token', (req, res) => res.json({ open: server.storage.userMessages.filter((each) => each.botToken === req.params.token && !each.isRead).length }));
app.use((req, res) => refuse(res, 404, 'Not Found'));

http.createServer(app).listen(port, '127.0.0.1', () => console.log('ready'));
