-- Everything of a line as it is in one moment, for a backup. Redis does nothing else meanwhile.
--
-- KEYS[1] {line}
-- answers {milliseconds now, {key without prefix, milliseconds it still lives or -1, its dump}...}

local line = KEYS[1] .. ':'
local time = redis.call('TIME')
local found = {string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))}
for _, key in ipairs(redis.call('KEYS', line .. '*')) do
  found[#found + 1] = {string.sub(key, #line + 1), redis.call('PTTL', key), redis.call('DUMP', key)}
end
return found
