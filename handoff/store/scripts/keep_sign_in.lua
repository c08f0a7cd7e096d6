-- Keep a sign-in link or a session until it expires.
--
-- {line}:link:<digest>         string  "<expires> <supporter>" of a single-use link, by the hash of its token
-- {line}:session:<digest>      string  the same of a session
-- {line}:sign-ins:<supporter>  zset    digests of the supporter's links and sessions by when they expire
--
-- KEYS[1] {line}; ARGV: link or session, digest, supporter, expires, milliseconds left, now

local line, digest, supporter = KEYS[1], ARGV[2], ARGV[3]
local mine = line .. ':sign-ins:' .. supporter
redis.call('SET', line .. ':' .. ARGV[1] .. ':' .. digest, ARGV[4] .. ' ' .. supporter, 'PX', ARGV[5])
redis.call('ZREMRANGEBYSCORE', mine, '-inf', ARGV[6])
redis.call('ZADD', mine, ARGV[4], digest)
if redis.call('PTTL', mine) < tonumber(ARGV[5]) then redis.call('PEXPIRE', mine, ARGV[5]) end
return 1
