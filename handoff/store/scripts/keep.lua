-- Keep something small of a connector's until it expires. Names and groups come as keyed hashes.
--
-- {line}:kept:<name>      hash    v sealed, g the group it goes with (empty: none)
-- {line}:kept-of:<group>  zset    the names kept of a pseudonym, a conversation or whatever else a connector groups by,
--                                 by when they expire (milliseconds); expires with the last of them
-- {line}:over:<group>     string  a conversation that was erased: nothing more is kept of it
--
-- KEYS[1] {line}; ARGV: name, sealed, milliseconds, group or empty, 1 to leave alone what is there
-- answers 1, or 0 when nothing was changed

local line, name, group = KEYS[1], ARGV[1], ARGV[4]
local kept = line .. ':kept:' .. name
local call = redis.call

local function index_of(each) return line .. ':kept-of:' .. each end
local function expire_with_the_last(index)
  local last = call('ZRANGE', index, -1, -1, 'WITHSCORES')
  if last[2] then call('PEXPIREAT', index, last[2]) end
end

if ARGV[5] == '1' and call('EXISTS', kept) == 1 then return 0 end
if group ~= '' and call('EXISTS', line .. ':over:' .. group) == 1 then return 0 end

local before = call('HGET', kept, 'g')
if before and before ~= '' and before ~= group then
  call('ZREM', index_of(before), name)
  expire_with_the_last(index_of(before))
end
local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ends = string.format('%.0f', now + ARGV[3])
call('HSET', kept, 'v', ARGV[2], 'g', group)
call('PEXPIREAT', kept, ends)
if group ~= '' then
  call('ZREMRANGEBYSCORE', index_of(group), '-inf', string.format('%.0f', now))
  call('ZADD', index_of(group), ends, name)
  expire_with_the_last(index_of(group))
end
return 1
