-- Let go of a lane: after its head was delivered, tried in vain, or given up. An old token changes nothing.
--
-- {line}:dead    zset    sealed dead letters by the time they were given up; older ones than the retention go
-- {line}:buried  string  how many were ever given up: an erasure that read the letters sees whether one came since
-- Other keys: see commit.lua and lane_claim.lua.
--
-- KEYS[1] {line}; ARGV: kind, lane, token, parcels to remove, when due again, attempts to add,
--                       1 when the head may have been delivered, now, and for a head given up: the sealed dead letter, the time before which letters go, their ttl
-- answers 1, or 0 when the hold was lost

local line, kind, lane = KEYS[1], ARGV[1], ARGV[2]
local hold, parcels = line .. ':hold:' .. lane, line .. ':lane:' .. lane
if redis.call('HGET', hold, 't') ~= ARGV[3] then return 0 end

if ARGV[9] then
  local dead = line .. ':dead'
  redis.call('ZADD', dead, ARGV[8], ARGV[9])
  redis.call('INCR', line .. ':buried')
  redis.call('ZREMRANGEBYSCORE', dead, '-inf', ARGV[10])
  redis.call('EXPIRE', dead, ARGV[11])
end
if tonumber(ARGV[4]) > 0 then
  redis.call('LTRIM', parcels, ARGV[4], -1)
  redis.call('HDEL', hold, 'a', 'u')
end
if redis.call('EXISTS', parcels) == 0 then
  redis.call('ZREM', line .. ':lanes:' .. kind, lane)
  redis.call('DEL', hold)
  return 1
end
redis.call('HDEL', hold, 't')
redis.call('HINCRBY', hold, 'a', ARGV[6])
if ARGV[7] == '1' then redis.call('HSET', hold, 'u', 1) end
redis.call('ZADD', line .. ':lanes:' .. kind, ARGV[5], lane)
if tonumber(ARGV[5]) <= tonumber(ARGV[8]) then
  redis.call('PUBLISH', line .. ':topic:lanes', 'changed\n' .. kind)
end
return 1
