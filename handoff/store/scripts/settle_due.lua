-- Repair one due entry by what its conversation says: a deadline it does not have goes, another time of it comes back.
-- An entry whose conversation is gone takes the conversation's other index entries with it. Keys: see commit.lua.
--
-- KEYS[1] {line}; ARGV: kind, conversation, the time at which it was read as due

local line, kind, conversation = KEYS[1], ARGV[1], ARGV[2]
local member = kind .. ':' .. conversation
local found = redis.call('ZSCORE', line .. ':due', member)
if not found or tonumber(found) ~= tonumber(ARGV[3]) then return 0 end

local deadlines = redis.call('HGET', line .. ':conversation:' .. conversation, 'd')
if not deadlines then
  redis.call('ZREM', line .. ':queue', conversation)
  redis.call('HDEL', line .. ':board', conversation)
  redis.call('SREM', line .. ':live', conversation)
end
local at = deadlines and cmsgpack.unpack(deadlines)[kind]
if at then
  redis.call('ZADD', line .. ':due', at, member)
else
  redis.call('ZREM', line .. ':due', member)
end
return 1
