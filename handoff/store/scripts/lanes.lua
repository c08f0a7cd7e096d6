-- How much lies in the lanes of each kind. Keys: see commit.lua.
--
-- KEYS[1] {line}; ARGV: how many lanes of a kind are looked into at most, the longest due first
-- answers {kind, how many lanes, parcels in those looked into, when the longest due is due (as text)} for each kind

local line = KEYS[1]
local found = {}
for _, kind in ipairs(redis.call('SMEMBERS', line .. ':kinds')) do
  local lanes = line .. ':lanes:' .. kind
  local some = redis.call('ZRANGE', lanes, 0, ARGV[1] - 1, 'WITHSCORES')
  local parcels = 0
  for place = 1, #some, 2 do parcels = parcels + redis.call('LLEN', line .. ':lane:' .. some[place]) end
  if some[1] then found[#found + 1] = {kind, redis.call('ZCARD', lanes), parcels, some[2]} end
end
return found
