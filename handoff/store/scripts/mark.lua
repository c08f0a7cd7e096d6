-- Raise a seeker's marks; they never fall and never pass the feed's end.
--
-- {line}:marks:<pseudonym>  hash  delivered, read, desk_read; expires with the feed
-- Other keys: see commit.lua.
--
-- KEYS[1] {line}; ARGV: pseudonym, delivered, read, desk_read
-- answers the three as they are now

local marks = KEYS[1] .. ':marks:' .. ARGV[1]
local feed = KEYS[1] .. ':feed:' .. ARGV[1]
local last = redis.call('LLEN', feed)
local names = {'delivered', 'read', 'desk_read'}
local after, rose = {}, false
for place, name in ipairs(names) do
  local before = tonumber(redis.call('HGET', marks, name)) or 0
  after[place] = math.max(before, math.min(tonumber(ARGV[place + 1]), last))
  if after[place] > before then
    redis.call('HSET', marks, name, after[place])
    rose = true
  end
end
if rose then
  redis.call('PEXPIRE', marks, redis.call('PTTL', feed))
  local body = string.format('%d %d %d', after[1], after[2], after[3])
  redis.call('PUBLISH', KEYS[1] .. ':topic:feed:' .. ARGV[1], 'marks\n' .. body)
end
return after
