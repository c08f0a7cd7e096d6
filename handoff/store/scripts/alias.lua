-- Let one pseudonym stand for another. Whoever is an alias points at the root itself, never at another alias.
--
-- {line}:alias:<pseudonym>  string  the root it stands for
-- {line}:aliases:<root>     set     all its aliases
--
-- The set and the aliases in it expire together, when they were last made or when a commit last touched the root or one
-- of them, plus `ttl`: never before what there is of the root, nor before what an alias has of its own.
--
-- KEYS[1] {line}; ARGV: pseudonym, of, ttl
-- answers 1, or 0 when both are the same already

local line, pseudonym, of = KEYS[1], ARGV[1], ARGV[2]
local call = redis.call

local function alias_of(each) return line .. ':alias:' .. each end
local function aliases_of(each) return line .. ':aliases:' .. each end

local root = call('GET', alias_of(of)) or of
if root == pseudonym then return 0 end
local before = call('GET', alias_of(pseudonym))
if before then call('SREM', aliases_of(before), pseudonym) end
for _, each in ipairs(call('SMEMBERS', aliases_of(pseudonym))) do
  call('SADD', aliases_of(root), each)
end
call('DEL', aliases_of(pseudonym))
call('SADD', aliases_of(root), pseudonym)
for _, each in ipairs(call('SMEMBERS', aliases_of(root))) do
  call('SET', alias_of(each), root, 'EX', ARGV[3])
end
call('EXPIRE', aliases_of(root), ARGV[3])
return 1
