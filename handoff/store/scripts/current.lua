-- The seeker's open or last conversation, whichever of their linked channels asks. Keys: see commit.lua and alias.lua.
--
-- KEYS[1] {line}; ARGV: pseudonym
-- answers the sealed record, or nothing

local root = redis.call('GET', KEYS[1] .. ':alias:' .. ARGV[1]) or ARGV[1]
local now = redis.call('GET', KEYS[1] .. ':current:' .. root)
return now and redis.call('HGET', KEYS[1] .. ':conversation:' .. now, 'r')
