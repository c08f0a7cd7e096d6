// telegram-test-api 4.2.1, made to answer as Telegram's Bot API does where python-telegram-bot 22 needs it.
// The package keeps the bot's messages and what people did; every addition says what the real service does.
//
// usage: node telegram_shim.js PORT
// Paths that begin with /_ are for the tests: they play the people, and read what stands in their chats.
const http = require('http');
const express = require('express');
const { TelegramServer } = require('telegram-test-api/lib/telegramServer');
const { Updates } = require('./telegram_updates');

const TEXT = 4096;
const CAPTION = 1024;
const DOWNLOAD = 20 * 1024 * 1024;

const port = Number(process.argv[2]);
const server = new TelegramServer({ port, host: '127.0.0.1', storeTimeout: 3600 });
const updates = new Updates(server);
const files = new Map();
const chats = new Map();
const refusals = new Map();
const revoked = new Set();
const taps = new Map();
const left = [];
const actions = [];
const toasts = [];
const profile = {};
let lastFile = 0;

// getMe, and the sender of every message, are marked as a bot; the package leaves that out.
const me = (token) => ({ id: Number(token.split(':')[0]), is_bot: true, first_name: 'Harbour', username: 'harbour_test_bot' });
const answer = (res, result) => res.json({ ok: true, result });
const refuse = (res, code, description, parameters) => res.status(code).json({ ok: false, error_code: code, description, parameters });
const json = (value) => (typeof value === 'string' ? JSON.parse(value) : value);
// Moments are seconds; the package has milliseconds.
const now = () => Math.floor(Date.now() / 1000);
const keep = (kind, bytes) => { lastFile += 1; files.set(`${kind}${lastFile}`, bytes); return `${kind}${lastFile}`; };

const app = express();
const bot = '/bot:token/';

app.post('/_file', express.raw({ type: () => true, limit: '60mb' }), (req, res) => {
  const bytes = Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  res.json({ file_id: keep('in', bytes), file_size: bytes.length });
});

// Uploads come as forms with parts; the package reads JSON alone.
app.use(async (req, res, next) => {
  if (!/multipart\/form-data/.test(req.headers['content-type'] || '')) return next();
  const parts = [];
  for await (const part of req) parts.push(part);
  const form = await new Response(Buffer.concat(parts), { headers: { 'content-type': req.headers['content-type'] } }).formData();
  req.body = {};
  req._body = true;
  for (const [key, value] of form) req.body[key] = typeof value === 'string' ? value : keep('out', Buffer.from(await value.arrayBuffer()));
  return next();
});
app.use(express.json({ limit: '5mb' }), express.urlencoded({ extended: true, limit: '5mb' }));

// A revoked token is unauthorized everywhere.
app.use(bot, (req, res, next) => (revoked.has(req.params.token) ? refuse(res, 401, 'Unauthorized') : next()));

// Nobody can be written to who never wrote to the bot, blocked it, is gone, or whose group has another id now.
app.use(bot, (req, res, next) => {
  if (!/^\/(send|edit|delete|forward|copy)[A-Z](?!ebhook)/.test(req.path) || /Commands$/.test(req.path)) return next();
  const chat = String(req.body.chat_id);
  const refusal = refusals.get(chat) || (chats.has(chat) ? null : { code: 400, description: 'Bad Request: chat not found' });
  return refusal ? refuse(res, refusal.code, refusal.description, refusal.parameters) : next();
});

app.all(`${bot}getMe`, (req, res) => answer(res, me(req.params.token)));

app.all(`${bot}getUpdates`, async (req, res) => {
  const { token } = req.params;
  const hook = server.webhooks[token];
  if (hook && hook.url) return refuse(res, 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
  if (req.body.allowed_updates) updates.allowed[token] = json(req.body.allowed_updates);
  return answer(res, await updates.fetch(token, req.body, () => req.socket.destroyed));
});

const drop = (req) => {
  if (String(req.body.drop_pending_updates) !== 'true') return;
  for (const each of updates.open(req.params.token)) each.isRead = true;
};
app.all(`${bot}setWebhook`, (req, res) => {
  drop(req);
  if (req.body.allowed_updates) updates.allowed[req.params.token] = json(req.body.allowed_updates);
  server.setWebhook(req.body, req.params.token);
  answer(res, true);
  updates.push(req.params.token);
});
app.all(`${bot}deleteWebhook`, (req, res) => { drop(req); server.deleteWebhook(req.params.token); answer(res, true); });
app.all(`${bot}getWebhookInfo`, (req, res) => {
  const { url = '' } = server.webhooks[req.params.token] || {};
  answer(res, { url, has_custom_certificate: false, pending_update_count: updates.open(req.params.token).length });
});

// Refused: what is empty or too long, and formatting that reaches beyond its text. Formatting comes as entities here.
function fault(text, entities, most, name) {
  if (name === 'text' && !text) return 'Bad Request: message text is empty';
  if ((text || '').length > most) return `Bad Request: message ${name === 'text' ? '' : `${name} `}is too long`;
  const beyond = json(entities || '[]').some(({ offset, length }) => offset < 0 || length < 1 || offset + length > (text || '').length);
  return beyond ? 'Bad Request: ENTITY_BOUNDS_INVALID' : '';
}
const textFault = ({ text, entities, parse_mode: mode }) => (mode ? 'Bad Request: this emulator reads entities only' : fault(text, entities, TEXT, 'text'));

// The package keeps the message; `shown` is what the person sees, with everything that Telegram's answer has.
function shown(req, fields) {
  const sent = server.addBotMessage({ ...req.body, ...fields }, req.params.token);
  const kept = server.storage.botMessages.at(-1);
  const message = { message_id: sent.message_id, date: now(), from: me(req.params.token), chat: chats.get(String(req.body.chat_id)), ...fields };
  if (req.body.text !== undefined) { message.text = req.body.text; message.entities = json(req.body.entities || '[]'); }
  if (req.body.caption) { message.caption = req.body.caption; message.caption_entities = json(req.body.caption_entities || '[]'); }
  if (sent.reply_markup) message.reply_markup = sent.reply_markup;
  if (req.body.reply_parameters) kept.answers = json(req.body.reply_parameters).message_id;
  kept.shown = message;
  return message;
}

app.all(`${bot}sendMessage`, (req, res) => {
  const wrong = textFault(req.body);
  return wrong ? refuse(res, 400, wrong) : answer(res, shown(req, {}));
});
for (const [method, kind] of [['sendPhoto', 'photo'], ['sendVoice', 'voice'], ['sendDocument', 'document']]) {
  app.all(bot + method, (req, res) => {
    const wrong = fault(req.body.caption, req.body.caption_entities, CAPTION, 'caption');
    if (wrong) return refuse(res, 400, wrong);
    const id = String(req.body[kind]).replace('attach://', '');
    const upload = req.body[id] ? req.body[id] : id;
    const file = { file_id: upload, file_unique_id: `u${upload}`, file_size: (files.get(upload) || '').length };
    const media = { photo: [{ ...file, width: 1, height: 1 }], voice: { ...file, duration: Number(req.body.duration || 1) }, document: file }[kind];
    return answer(res, shown(req, { text: undefined, [kind]: media }));
  });
}

const found = (req) => server.storage.botMessages.find((each) => each.shown
  && String(each.messageId) === String(req.body.message_id) && String(each.shown.chat.id) === String(req.body.chat_id));

// Edits answer with the message as it is now, and are refused when they change nothing.
function edited(req, res, change) {
  const kept = found(req);
  if (!kept) return refuse(res, 400, 'Bad Request: message to edit not found');
  const before = JSON.stringify(kept.shown);
  const keyboard = req.body.reply_markup && json(req.body.reply_markup);
  const next = { ...kept.shown, ...change };
  if (keyboard && keyboard.inline_keyboard && keyboard.inline_keyboard.length) next.reply_markup = keyboard; else delete next.reply_markup;
  if (JSON.stringify(next) === before) return refuse(res, 400, 'Bad Request: message is not modified');
  kept.shown = { ...next, edit_date: now() };
  return answer(res, kept.shown);
}
app.all(`${bot}editMessageText`, (req, res) => {
  const wrong = textFault(req.body);
  return wrong ? refuse(res, 400, wrong) : edited(req, res, { text: req.body.text, entities: json(req.body.entities || '[]') });
});
app.all(`${bot}editMessageReplyMarkup`, (req, res) => edited(req, res, {}));
app.all(`${bot}deleteMessage`, (req, res) => {
  const kept = found(req);
  if (!kept) return refuse(res, 400, 'Bad Request: message to delete not found');
  server.removeBotMessage(kept.updateId);
  return answer(res, true);
});

// Files over 20 MB are not given to bots.
app.all(`${bot}getFile`, (req, res) => {
  const { file_id: id } = req.body;
  if (!files.has(id)) return refuse(res, 400, 'Bad Request: invalid file_id');
  if (files.get(id).length > DOWNLOAD) return refuse(res, 400, 'Bad Request: file is too big');
  return answer(res, { file_id: id, file_unique_id: `u${id}`, file_size: files.get(id).length, file_path: `f/${id}` });
});
app.get('/file/bot:token/f/:id', (req, res) => (files.has(req.params.id) ? res.send(files.get(req.params.id)) : res.sendStatus(404)));

app.all(`${bot}leaveChat`, (req, res) => { left.push(String(req.body.chat_id)); answer(res, true); });
app.all(`${bot}sendChatAction`, (req, res) => { actions.push([String(req.body.chat_id), req.body.action]); answer(res, true); });
app.all(`${bot}answerCallbackQuery`, (req, res) => {
  const chat = taps.get(String(req.body.callback_query_id));
  if (chat === undefined) return refuse(res, 400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
  toasts.push([chat, req.body.text || '']);
  return answer(res, true);
});
for (const method of ['setMyCommands', 'deleteMyCommands', 'setMyName', 'setMyDescription', 'setMyShortDescription', 'setChatMenuButton', 'setMessageReaction']) {
  app.all(bot + method, (req, res) => { profile[`${method}:${req.body.language_code || ''}`] = req.body; answer(res, true); });
}

// --- the people -------------------------------------------------------------------------------------------------------

app.post('/_update', (req, res) => {
  const { token, update } = req.body;
  const tap = update.callback_query;
  const { chat } = Object.values(update).find((each) => each && each.chat) || (tap || {}).message || {};
  if (chat) chats.set(String(chat.id), chat);
  if (tap && chat) taps.set(String(tap.id), String(chat.id));
  res.json(updates.add(token, update));
});
app.post('/_again', (req, res) => { updates.again(req.body.token, req.body.update_id); res.json({}); });
app.post('/_hold', (req, res) => { updates.held = true; res.json({}); });
app.post('/_release', (req, res) => { updates.release(req.body.token, req.body.order); res.json({}); });
app.post('/_lose', (req, res) => { updates.lostAcks = req.body.acks; res.json({}); });
app.post('/_refuse', (req, res) => {
  const { chat, ...refusal } = req.body;
  if (refusal.code) refusals.set(String(chat), refusal); else refusals.delete(String(chat));
  res.json({});
});
app.post('/_token', (req, res) => { revoked[req.body.revoked ? 'add' : 'delete'](req.body.token); res.json({}); });
app.get('/_chat/:token/:chat', (req, res) => {
  const { chat } = req.params;
  const here = server.storage.botMessages.filter((each) => each.shown && String(each.shown.chat.id) === chat);
  res.json({
    messages: here.map(({ shown: message, answers }) => (answers ? { ...message, answers } : message)),
    typing: actions.filter(([where]) => where === chat).length,
    toasts: toasts.filter(([where]) => where === chat).map(([, text]) => text),
    left: left.includes(chat),
  });
});
app.get('/_profile', (req, res) => res.json(profile));
app.get('/_file/:id', (req, res) => (files.has(req.params.id) ? res.send(files.get(req.params.id)) : res.sendStatus(404)));
app.get('/_open/:token', (req, res) => res.json({ open: updates.open(req.params.token).length }));
app.get('/_pushed', (req, res) => res.json(updates.pushed));
app.use((req, res) => refuse(res, 404, 'Not Found'));

http.createServer(app).listen(port, '127.0.0.1', () => console.log('ready'));
