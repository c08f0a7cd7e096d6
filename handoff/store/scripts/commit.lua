-- One commit: everything that one event changes, or nothing. First all checks, then all writes.
--
-- {line}:seen:<event>         string  the event was committed; expires two days after it came last (<event>: keyed hash)
-- {line}:conversation:<id>    hash    v version, r sealed record, f face (keyed hash of what the desk sees),
--                                     d deadlines (MessagePack: kind to time as text), l the lanes of every address
--                                     its seeker had, with a space after each
-- {line}:current:<pseudonym>  string  the seeker's open or last conversation
-- {line}:seeker:<pseudonym>   set     all conversations of the seeker
-- {line}:feed:<pseudonym>     list    sealed entries; the position is the sequence number
-- {line}:margin:<id>          list    sealed entries that the desk alone reads
-- {line}:queue                zset    waiting conversations by their score
-- {line}:board                hash    conversation to sealed place, for all in the queue
-- {line}:live                 set     conversations held by a supporter
-- {line}:due                  zset    <kind>:<conversation> by time
-- {line}:roster               hash    supporter to sealed record
-- {line}:roster:marks         hash    supporter to "<version> <present until> <face>"
-- {line}:alerts               hash    <kind>:<conversation> to '<times raised> <sealed alert>'
-- {line}:alert:<conversation> set     the kinds of its open alerts
-- {line}:average              string  running average of waits, in seconds
-- {line}:lane:<lane>          list    sealed parcels, oldest first (<lane>: kind, colon, keyed hash of its name)
-- {line}:lanes:<kind>         zset    lanes with parcels, by the time at which they are due
-- {line}:kinds                set     every kind of lane there was
--
-- Keys of a seeker or a conversation expire together, `ttl` seconds after the last commit that touched them; aliases: see
-- alias.lua.
-- Channels: {line}:topic:<topic>; payload: kind, line feed, body.
--
-- KEYS[1] {line}; ARGV[1] the plan made by plan.py, in MessagePack
-- answers done, conflict or duplicate

local line = KEYS[1]
local plan = cmsgpack.unpack(ARGV[1])
local call = redis.call

local function key(kind, name) return line .. ':' .. kind .. ':' .. name end
local function publish(topic, kind, body) call('PUBLISH', line .. ':topic:' .. topic, kind .. '\n' .. body) end

local function marks_of(supporter)
  local kept = call('HGET', line .. ':roster:marks', supporter)
  if not kept then return 0, 0, nil end
  local version, present, face = string.match(kept, '^(%S+) (%S+) (%S+)$')
  return tonumber(version), tonumber(present), face
end

local function in_order(kind, entries)
  local ends = {}
  for _, each in ipairs(entries) do
    local name, seq = each[1], each[2]
    local last = ends[name] or call('LLEN', key(kind, name))
    if seq ~= last + 1 then return false end
    ends[name] = seq
  end
  return true
end

local function fits()
  for _, each in ipairs(plan.conversations) do
    if (tonumber(call('HGET', key('conversation', each.id), 'v')) or 0) ~= each.version then return false end
  end
  for _, each in ipairs(plan.supporters) do
    if marks_of(each.id) ~= each.version then return false end
  end
  if plan.opens then
    if call('EXISTS', key('alias', plan.opener)) == 1 then return false end
    local now = call('GET', key('current', plan.opener))
    if now and call('EXISTS', key('conversation', now)) == 0 then now = false end
    if now ~= (plan.replaces or false) then return false end
  end
  return in_order('feed', plan.feed) and in_order('margin', plan.margin)
end

-- Remembered anew: replicas that have this change have the commit before it too (see `copies` in wire.py).
-- Only then: a script that has written once is no longer stopped by a full server, so nothing is written before the checks.
if call('EXISTS', key('seen', plan.event)) == 1 then
  call('EXPIRE', key('seen', plan.event), plan.seen_ttl)
  return 'duplicate'
end
if not fits() then return 'conflict' end

call('SET', key('seen', plan.event), '', 'EX', plan.seen_ttl)

local told, news = {}, {}
local function tell(kind, body)
  if not told[kind .. body] then
    told[kind .. body] = true
    news[#news + 1] = {kind, body}
  end
end

local function index(each)
  local waited = call('ZSCORE', line .. ':queue', each.id)
  if each.score then
    call('ZADD', line .. ':queue', each.score, each.id)
    call('HSET', line .. ':board', each.id, each.place)
  elseif waited then
    call('ZREM', line .. ':queue', each.id)
    call('HDEL', line .. ':board', each.id)
  end
  call(each.live and 'SADD' or 'SREM', line .. ':live', each.id)
  local over = {}
  for _, kind in ipairs(plan.kinds) do
    local at = each.deadlines[kind]
    if at then call('ZADD', line .. ':due', at, kind .. ':' .. each.id)
    else over[#over + 1] = kind .. ':' .. each.id end
  end
  if #over > 0 then call('ZREM', line .. ':due', unpack(over)) end
  return waited or each.score
end

local function keep_conversation(each)
  local kept = key('conversation', each.id)
  local face = call('HGET', kept, 'f')
  local lanes = call('HGET', kept, 'l') or ''
  if not string.find(lanes, each.lane .. ' ', 1, true) then call('HSET', kept, 'l', lanes .. each.lane .. ' ') end
  call('HSET', kept, 'v', each.version + 1, 'r', each.record, 'f', each.face, 'd', cmsgpack.pack(each.deadlines))
  call('SADD', key('seeker', each.pseudonym), each.id)
  local queued = index(each)
  if face ~= each.face then
    tell('changed', each.id)
    if queued then tell('changed', 'queue') end
  end
end

local function keep_supporter(each)
  local version, present, face = marks_of(each.id)
  call('HSET', line .. ':roster', each.id, each.record)
  call('HSET', line .. ':roster:marks', each.id, (version + 1) .. ' ' .. each.present .. ' ' .. each.face)
  local now = tonumber(plan.now)
  if face ~= each.face or (present <= now and now < tonumber(each.present)) then tell('changed', 'supporters') end
end

local function renew_aliases(pseudonym)
  local root = call('GET', key('alias', pseudonym)) or pseudonym
  for _, each in ipairs(call('SMEMBERS', key('aliases', root))) do call('EXPIRE', key('alias', each), plan.ttl) end
  call('EXPIRE', key('aliases', root), plan.ttl)
end

local function touch(pseudonym)
  renew_aliases(pseudonym)
  for _, kind in ipairs({'current', 'seeker', 'feed', 'marks'}) do call('EXPIRE', key(kind, pseudonym), plan.ttl) end
  local now = call('GET', key('current', pseudonym))
  return now or nil
end

for _, each in ipairs(plan.conversations) do keep_conversation(each) end
for _, each in ipairs(plan.supporters) do keep_supporter(each) end
if plan.opens then call('SET', key('current', plan.opener), plan.opens) end
for _, each in ipairs(plan.pokes) do
  if call('EXISTS', key('conversation', each[2])) == 1 then
    call('ZADD', line .. ':due', 'LT', plan.now, each[1] .. ':' .. each[2])
  end
end
if plan.waited then
  local before = call('GET', line .. ':average')
  local waited = tonumber(plan.waited)
  local average = before and (1 - 0.1) * tonumber(before) + 0.1 * waited or waited
  call('SET', line .. ':average', string.format('%.17g', average))
end
for _, each in ipairs(plan.feed) do call('RPUSH', key('feed', each[1]), each[3]) end
for _, each in ipairs(plan.margin) do call('RPUSH', key('margin', each[1]), each[3]) end

local touched = {}
for _, each in ipairs(plan.conversations) do touched[each.id] = true end
for _, each in ipairs(plan.margin) do touched[each[1]] = true end
for _, pseudonym in ipairs(plan.seekers) do
  local now = touch(pseudonym)
  if now then touched[now] = true end
end
for id in pairs(touched) do
  call('EXPIRE', key('conversation', id), plan.ttl)
  call('EXPIRE', key('margin', id), plan.ttl)
end

local woken = {}
for _, each in ipairs(plan.parcels) do
  local kind, lane = each[1], each[2]
  call('RPUSH', key('lane', lane), each[3])
  if call('ZADD', key('lanes', kind), 'NX', plan.now, lane) == 1 then
    call('SADD', line .. ':kinds', kind)
    woken[kind] = true
  end
end

for _, conversation in ipairs(plan.cleared) do
  for _, kind in ipairs(call('SMEMBERS', key('alert', conversation))) do
    call('HDEL', line .. ':alerts', kind .. ':' .. conversation)
    tell('alerts', '')
  end
  call('DEL', key('alert', conversation))
end
for _, each in ipairs(plan.alerts) do
  local kind, conversation = each[1], each[2]
  local name = kind .. ':' .. conversation
  local open = call('HGET', line .. ':alerts', name)
  local times = open and tonumber(string.match(open, '^%d+')) + 1 or 1
  call('HSET', line .. ':alerts', name, times .. ' ' .. each[3])
  call('SADD', key('alert', conversation), kind)
  tell('alerts', '')
end

for _, each in ipairs(plan.feed) do publish('feed:' .. each[1], 'entry', each[3]) end
for _, each in ipairs(plan.margin) do publish('margin:' .. each[1], 'entry', each[3]) end
for _, each in ipairs(news) do publish('desk', each[1], each[2]) end
for _, each in ipairs(plan.nudges) do publish('desk:' .. each[1], 'nudge', each[2] .. '\n' .. each[3]) end
for kind in pairs(woken) do publish('lanes', 'changed', kind) end
return 'done'
