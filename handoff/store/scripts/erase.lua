-- Everything of one seeker goes, under all their pseudonyms, at once, if nothing of it changed since it was read. Keys:
-- see alias.lua, commit.lua, keep.lua, lane_claim.lua, lane_release.lua and mark.lua. {line}:tracker:<id> is the bot's memory, which the bot itself writes
-- (bot/tracker_store.py).
--
-- {line}:forgotten:<id>  string  this conversation was erased: a turn of the bot that is under way keeps nothing of it
--
-- KEYS[1] {line}; ARGV[1] the plan made by erasing.py, in MessagePack
-- answers 1, or 0 when something changed meanwhile

local line = KEYS[1]
local plan = cmsgpack.unpack(ARGV[1])
local call = redis.call
local FORGOTTEN_SECONDS = 86400 -- no turn of the bot and no delivery lasts as long

local function publish(topic, kind, body) call('PUBLISH', line .. ':topic:' .. topic, kind .. '\n' .. body) end

local function unchanged()
  if (tonumber(call('GET', line .. ':buried')) or 0) ~= plan.buried then return false end
  if call('EXISTS', line .. ':alias:' .. plan.root) == 1 then return false end
  if call('SCARD', line .. ':aliases:' .. plan.root) ~= #plan.seekers - 1 then return false end
  for _, each in ipairs(plan.seekers) do
    local linked = each.pseudonym == plan.root or call('GET', line .. ':alias:' .. each.pseudonym) == plan.root
    if not linked or call('SCARD', line .. ':seeker:' .. each.pseudonym) ~= each.known then return false end
  end
  for _, each in ipairs(plan.conversations) do
    local version = tonumber(call('HGET', line .. ':conversation:' .. each.id, 'v')) or 0
    if version ~= each.version then return false end
  end
  for _, each in ipairs(plan.supporters) do
    local kept = call('HGET', line .. ':roster:marks', each.id)
    if not kept or tonumber(string.match(kept, '^%S+')) ~= each.version then return false end
  end
  for _, letter in ipairs(plan.letters) do
    if not call('ZSCORE', line .. ':dead', letter) then return false end
  end
  return true
end

if not unchanged() then return 0 end
for _, each in ipairs(plan.seekers) do
  for _, kind in ipairs({'current', 'seeker', 'feed', 'marks', 'alias', 'aliases'}) do
    call('DEL', line .. ':' .. kind .. ':' .. each.pseudonym)
  end
end
for _, group in ipairs(plan.groups) do
  for _, name in ipairs(call('ZRANGE', line .. ':kept-of:' .. group, 0, -1)) do call('DEL', line .. ':kept:' .. name) end
  call('DEL', line .. ':kept-of:' .. group)
end
for _, each in ipairs(plan.conversations) do
  for _, kind in ipairs(call('SMEMBERS', line .. ':alert:' .. each.id)) do
    call('HDEL', line .. ':alerts', kind .. ':' .. each.id)
  end
  for _, kind in ipairs({'conversation', 'margin', 'alert', 'tracker'}) do
    call('DEL', line .. ':' .. kind .. ':' .. each.id)
  end
  call('SET', line .. ':forgotten:' .. each.id, '', 'EX', FORGOTTEN_SECONDS)
  call('SET', line .. ':over:' .. each.group, '', 'EX', FORGOTTEN_SECONDS)
  call('ZREM', line .. ':queue', each.id)
  call('HDEL', line .. ':board', each.id)
  call('SREM', line .. ':live', each.id)
  for _, kind in ipairs(plan.kinds) do call('ZREM', line .. ':due', kind .. ':' .. each.id) end
end
for _, each in ipairs(plan.lanes) do
  call('ZREM', line .. ':lanes:' .. each[1], each[2])
  call('DEL', line .. ':lane:' .. each[2], line .. ':hold:' .. each[2])
end
for _, letter in ipairs(plan.letters) do call('ZREM', line .. ':dead', letter) end
for _, each in ipairs(plan.supporters) do
  call('HSET', line .. ':roster', each.id, each.record)
  call('HSET', line .. ':roster:marks', each.id, (each.version + 1) .. ' ' .. each.present .. ' ' .. each.face)
end
for _, each in ipairs(plan.seekers) do publish('feed:' .. each.pseudonym, 'erased', '') end
for _, each in ipairs(plan.conversations) do publish('desk', 'changed', each.id) end
publish('desk', 'changed', 'queue')
publish('desk', 'changed', 'supporters')
publish('desk', 'alerts', '')
return 1
