-- Dead letters that are older than the retention go, whether or not another one is given up. Keys: see lane_release.lua.
--
-- KEYS[1] {line}; ARGV: the time before which letters go
-- answers how many went

return redis.call('ZREMRANGEBYSCORE', KEYS[1] .. ':dead', '-inf', '(' .. ARGV[1])
