-- Put the same words under another key, if nobody changed them meanwhile. What expires keeps its time.
-- Keys: see commit.lua, greet.lua, keep.lua and lane_release.lua; {line}:tracker:<id>: see erase.lua.
--
-- KEYS[1] {line}; ARGV: what follows the line in the key, string or hash or list or zset, the field or the index (else empty), the value
--                       that was read, the value in its place
-- answers 1, or 0 when something else is there by now

local key = KEYS[1] .. ':' .. ARGV[1]
local kind, place, old, new = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local call = redis.call

if kind == 'string' then
  if call('GET', key) ~= old then return 0 end
  call('SET', key, new, 'KEEPTTL')
elseif kind == 'hash' then
  if call('HGET', key, place) ~= old then return 0 end
  call('HSET', key, place, new)
elseif kind == 'list' then
  if call('LINDEX', key, place) ~= old then return 0 end
  call('LSET', key, place, new)
else
  local score = call('ZSCORE', key, old)
  if not score then return 0 end
  call('ZADD', key, score, new)
  call('ZREM', key, old)
end
return 1
