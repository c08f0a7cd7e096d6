-- Hold the lane that is longest due, among some kinds. While it is held it is due when the lease ends, so the lane of a
-- worker that died comes back by itself; that it was held then counts as an attempt, and the head may have arrived.
--
-- {line}:hold:<lane>  hash    t token of the hold, a attempts of the head, u the head may have been delivered already
-- {line}:fence        string  the last token given
-- Other keys: see commit.lua.
--
-- KEYS[1] {line}; ARGV: now, when the lease ends, how many parcels, kinds...
-- answers {lane, token, attempts, unsure, {sealed parcels}}, or nothing

local line = KEYS[1]

local function longest_due()
  local kind, lane, due
  for place = 4, #ARGV do
    local lanes = line .. ':lanes:' .. ARGV[place]
    local head = redis.call('ZRANGEBYSCORE', lanes, '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, 1)
    if head[1] and (not due or tonumber(head[2]) < due) then
      kind, lane, due = ARGV[place], head[1], tonumber(head[2])
    end
  end
  return kind, lane
end

local kind, lane = longest_due()
if not lane then return false end
local hold = line .. ':hold:' .. lane
if redis.call('HEXISTS', hold, 't') == 1 then
  redis.call('HINCRBY', hold, 'a', 1)
  redis.call('HSET', hold, 'u', 1)
end
local token = redis.call('INCR', line .. ':fence')
redis.call('HSET', hold, 't', token)
redis.call('ZADD', line .. ':lanes:' .. kind, ARGV[2], lane)
local attempts = tonumber(redis.call('HGET', hold, 'a')) or 0
local unsure = redis.call('HEXISTS', hold, 'u')
return {lane, token, attempts, unsure, redis.call('LRANGE', line .. ':lane:' .. lane, 0, ARGV[3] - 1)}
