-- Where a place with this score stands. Keys: see commit.lua.
--
-- KEYS[1] {line}; ARGV: score
-- answers {how many are before it, how many wait, average wait as text or nothing}

local queue = KEYS[1] .. ':queue'
return {
  redis.call('ZCOUNT', queue, '-inf', '(' .. ARGV[1]),
  redis.call('ZCARD', queue),
  redis.call('GET', KEYS[1] .. ':average'),
}
