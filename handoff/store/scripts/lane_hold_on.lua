-- Hold a lane for longer, while its head is still being carried. An old token changes nothing.
--
-- Keys: see commit.lua and lane_claim.lua.
--
-- KEYS[1] {line}; ARGV: kind, lane, token, when the lease ends now
-- answers 1, or 0 when the hold was lost

if redis.call('HGET', KEYS[1] .. ':hold:' .. ARGV[2], 't') ~= ARGV[3] then return 0 end
redis.call('ZADD', KEYS[1] .. ':lanes:' .. ARGV[1], ARGV[4], ARGV[2])
return 1
