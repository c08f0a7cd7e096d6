-- The head of the queue, in its order. Keys: see commit.lua.
--
-- KEYS[1] {line}; ARGV: how many
-- answers sealed places

local head = redis.call('ZRANGE', KEYS[1] .. ':queue', 0, ARGV[1] - 1)
local places = {}
for _, conversation in ipairs(head) do
  local place = redis.call('HGET', KEYS[1] .. ':board', conversation)
  if place then places[#places + 1] = place end
end
return places
