-- End one sign-in, or all of a supporter's. Keys: see keep_sign_in.lua.
--
-- KEYS[1] {line}; ARGV: digest or empty, supporter or empty

local line, digest, supporter = KEYS[1], ARGV[1], ARGV[2]
local function forget(each) redis.call('DEL', line .. ':link:' .. each, line .. ':session:' .. each) end
if digest ~= '' then forget(digest) end
if supporter ~= '' then
  local mine = line .. ':sign-ins:' .. supporter
  for _, each in ipairs(redis.call('ZRANGE', mine, 0, -1)) do forget(each) end
  redis.call('DEL', mine)
end
return 1
