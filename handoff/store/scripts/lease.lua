-- Take a lease that is free, or renew one's own.
--
-- {line}:lease:<name>  string  who has it (both as keyed hashes); expires with the lease
--
-- KEYS[1] {line}; ARGV: name, holder, milliseconds
-- answers 1 when the holder has it now, else 0

local lease = KEYS[1] .. ':lease:' .. ARGV[1]
local holder = redis.call('GET', lease)
if holder and holder ~= ARGV[2] then return 0 end
redis.call('SET', lease, ARGV[2], 'PX', ARGV[3])
return 1
