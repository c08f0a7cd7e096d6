-- Close one alert. Keys: see commit.lua.
--
-- KEYS[1] {line}; ARGV: kind, conversation
-- answers 1, or 0 when it was not open

local closed = redis.call('HDEL', KEYS[1] .. ':alerts', ARGV[1] .. ':' .. ARGV[2])
redis.call('SREM', KEYS[1] .. ':alert:' .. ARGV[2], ARGV[1])
if closed == 1 then redis.call('PUBLISH', KEYS[1] .. ':topic:desk', 'alerts\n') end
return closed
