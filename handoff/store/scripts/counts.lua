-- How much there is of everything. Keys: see commit.lua and lane_release.lua.
--
-- KEYS[1] {line}
-- answers {waiting, live, lanes, dead letters, alerts}

local line = KEYS[1]
local lanes = 0
for _, kind in ipairs(redis.call('SMEMBERS', line .. ':kinds')) do
  lanes = lanes + redis.call('ZCARD', line .. ':lanes:' .. kind)
end
return {
  redis.call('ZCARD', line .. ':queue'),
  redis.call('SCARD', line .. ':live'),
  lanes,
  redis.call('ZCARD', line .. ':dead'),
  redis.call('HLEN', line .. ':alerts'),
}
