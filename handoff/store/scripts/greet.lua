-- Run once on every new connection: is this store ours to use, and which secret hides ids in it?
--
-- {line}:format  string  the format of everything below {line}; a newer one than ours is refused
-- {line}:secret  string  sealed; keys the hashes in which ids that may name a person are kept
--
-- KEYS[1] {line}; ARGV: our format, a sealed secret in case there is none yet
-- answers {format, sealed secret, {seconds, microseconds}}, the last as this server's clock shows

redis.call('SET', KEYS[1] .. ':format', ARGV[1], 'NX')
redis.call('SET', KEYS[1] .. ':secret', ARGV[2], 'NX')
return {redis.call('GET', KEYS[1] .. ':format'), redis.call('GET', KEYS[1] .. ':secret'), redis.call('TIME')}
