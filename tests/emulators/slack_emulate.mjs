// Starts `emulate` 0.12.2's Slack with our workspace. The package has no public way to subscribe to events, so one is
// registered where its plugin begins.
//
// usage: node slack_emulate.mjs PORT EVENTS_URL SIGNING_SECRET
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [port, events, secret] = process.argv.slice(2);
const dist = join(dirname(fileURLToPath(import.meta.url)), 'node_modules', 'emulate', 'dist');
const holdsPlugin = (file) => file.startsWith('dist-') && file.endsWith('.js') && readFileSync(join(dist, file), 'utf8').includes('var slackPlugin');
const { slackPlugin } = await import(pathToFileURL(join(dist, readdirSync(dist).find(holdsPlugin))));
const begin = slackPlugin.register;
slackPlugin.register = function register(app, store, webhooks, ...rest) {
  webhooks.register({ url: events, events: ['*'], active: true, owner: 'slack' });
  return begin.call(this, app, store, webhooks, ...rest);
};

// It allows each token 5,000 calls an hour, which no one can set: a workspace of hundreds of talks needs more.
const set = Map.prototype.set;
Map.prototype.set = function unlimited(key, value) {
  if (value?.remaining === 5000 && 'resetAt' in value) value.remaining = Infinity;
  return set.call(this, key, value);
};

const people = ['ana', 'ben', 'lou'];
const app = {
  client_id: '1.2', client_secret: 's', app_id: 'A000000001', name: 'Warmline', redirect_uris: [], bot_id: 'B0WARM',
  bot_user_id: 'U0WARM', bot_name: 'warmline', scopes: ['chat:write'],
};
const { createEmulator } = await import(pathToFileURL(join(dist, 'api.js')));
await createEmulator({
  service: 'slack',
  port: Number(port),
  seed: {
    slack: {
      signing_secret: secret,
      strict_scopes: false,
      users: people.map((name) => ({ name, real_name: name, email: `${name}@example.org` })),
      channels: [{ name: 'queue' }, { name: 'leads' }],
      oauth_apps: [app],
      tokens: [
        ...people.map((name) => ({ token: `xoxp-${name}`, type: 'user', user: name })),
        { token: 'xoxb-warmline', type: 'bot', user_id: app.bot_user_id, bot_id: app.bot_id, bot_user_id: app.bot_user_id, app_id: app.app_id },
      ],
    },
  },
});
console.log('ready');
