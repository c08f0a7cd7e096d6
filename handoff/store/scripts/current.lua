-- The seeker's open or last conversation. Keys: see commit.lua.
--
-- KEYS[1] {line}; ARGV: pseudonym
-- answers the sealed record, or nothing

local now = redis.call('GET', KEYS[1] .. ':current:' .. ARGV[1])
return now and redis.call('HGET', KEYS[1] .. ':conversation:' .. now, 'r')
