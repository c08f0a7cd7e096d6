-- Drop something kept. Keys: see keep.lua.
--
-- KEYS[1] {line}; ARGV: name

local kept = KEYS[1] .. ':kept:' .. ARGV[1]
local group = redis.call('HGET', kept, 'g')
redis.call('DEL', kept)
if group and group ~= '' then
  local index = KEYS[1] .. ':kept-of:' .. group
  redis.call('ZREM', index, ARGV[1])
  local last = redis.call('ZRANGE', index, -1, -1, 'WITHSCORES')
  if last[2] then redis.call('PEXPIREAT', index, last[2]) end
end
return 1
