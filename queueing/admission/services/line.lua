-- The line, the passes and who is seen, in one step on the server (docs/admission.md).
-- KEYS: 1 what all names begin with, 2 the mark that there is a line.
-- ARGV: 1 the question, in JSON (turns.py): moments and spans in milliseconds, marks in seconds.
local base, pressed = KEYS[1], KEYS[2]
local asked = cjson.decode(ARGV[1])
local who, act, now = asked.account, asked.act, asked.now
local limit = asked.passes
local pass, most = asked.pass_ms, asked.longest_pass_ms
local keep, away = asked.keep_ms, asked.away_ms
local first, last = asked.first_place, asked.last_place  -- of this second
local lot = asked.lot                   -- the place of a draw, for the act 'early'
local pressure, stays = asked.pressure, asked.pressed_seconds
local each, longest = asked.away_ms_each, asked.longest_away_ms
local refusals = asked.refusals         -- for lack of a permit, to be counted

local LIVES, BATCH = 7200, 100
local function key(name) return base .. name end
local places, line, seen, gone = key('places'), key('line'), key('seen'), key('gone')
local passes, since = key('passes'), key('since')
local flow = key('flow:') .. math.floor(now / 60000)
local before = key('flow:') .. (math.floor(now / 60000) - 1)

local function text(number) return string.format('%.0f', number) end
local function touch(...) for _, name in ipairs({...}) do redis.call('EXPIRE', name, LIVES) end end

local function answer(state, ahead, place)
  return {state, ahead, redis.call('ZCARD', line),
    tonumber(redis.call('GET', before) or '0'), text(place or 0)}
end

local function grant(untold)
  redis.call('ZADD', passes, text(now + pass), who)
  redis.call('HSET', since, who, text(now))
  touch(passes, since)
  redis.call('INCR', flow)
  redis.call('EXPIRE', flow, 180)
  if not untold then
    redis.call('HDEL', places, who)
    redis.call('ZREM', line, who)
    redis.call('ZREM', seen, who)
  end
  return answer('pass', 0)
end

-- Passes that have ended.
for _, one in ipairs(redis.call('ZRANGEBYSCORE', passes, '-inf', text(now), 'LIMIT', 0, BATCH)) do
  redis.call('ZREM', passes, one)
  redis.call('HDEL', since, one)
end
-- Who was not seen for a while stands aside with the place kept; then the place ends too.
away = math.max(away, math.min(longest, each * redis.call('ZCARD', line)))
local absent = redis.call('ZRANGEBYSCORE', seen, '-inf', text(now - away), 'WITHSCORES', 'LIMIT', 0, BATCH)
for n = 1, #absent, 2 do
  redis.call('ZREM', seen, absent[n])
  redis.call('ZREM', line, absent[n])
  redis.call('ZADD', gone, absent[n + 1], absent[n])
end
for _, one in ipairs(redis.call('ZRANGEBYSCORE', gone, '-inf', text(now - keep), 'LIMIT', 0, BATCH)) do
  redis.call('ZREM', gone, one)
  redis.call('HDEL', places, one)
end
touch(gone)

if act == 'leave' or act == 'done' then
  redis.call('ZREM', passes, who)
  redis.call('HDEL', since, who)
  if act == 'leave' then
    redis.call('HDEL', places, who)
    redis.call('ZREM', line, who)
    redis.call('ZREM', seen, who)
    redis.call('ZREM', gone, who)
  end
  return answer('none', 0)
end

if refusals > 0 then
  local refused = key('refused:') .. math.floor(now / 10000)
  if redis.call('INCRBY', refused, refusals) >= pressure and not redis.call('SET', pressed, '1', 'EX', stays, 'NX') then
    redis.call('EXPIRE', pressed, stays)
  end
  redis.call('EXPIRE', refused, 20)
end

-- A pass is longer with each use, up to the most.
local ends = tonumber(redis.call('ZSCORE', passes, who) or '0')
if ends > now and act ~= 'early' then
  if act ~= 'look' then
    local from = tonumber(redis.call('HGET', since, who) or text(now))
    local longer = math.max(ends, math.min(now + pass, from + most))
    redis.call('ZADD', passes, text(longer), who)
  end
  return answer('pass', 0)
end
if act == 'keep' then return answer('none', 0) end

local function free() return limit - redis.call('ZCOUNT', passes, '(' .. text(now), '+inf') end

local place = tonumber(redis.call('HGET', places, who) or '')
-- Only a lot lies ahead. A number of the line may too, where this caller's clock is behind.
local function is_ahead() return place > last and place % (2 ^ 22) < 2 ^ 21 end
-- Whoever books while the draw that they take part in lies ahead goes with those of now:
-- at once where there is room (the draw still counts), else in their line.
if place and is_ahead() and act == 'take' then
  if redis.call('ZCOUNT', line, '-inf', text(last)) < free() then return grant(true) end
  place = nil
end
if not place then
  if act == 'look' then return answer('none', 0) end
  if act == 'early' then
    place = lot
  else
    place = math.max(first, tonumber(redis.call('GET', key('last')) or '0') + 1)
    redis.call('SET', key('last'), text(place), 'EX', LIVES)
  end
  redis.call('HSET', places, who, text(place))
end
redis.call('ZADD', line, text(place), who)
redis.call('ZADD', seen, text(now), who)
redis.call('ZREM', gone, who)
touch(places, line, seen)

if is_ahead() then return answer('early', 0, place) end
-- Everybody ahead could go on as well, so nobody is overtaken.
local ahead = redis.call('ZRANK', line, who)
if ahead < free() then return grant() end
redis.call('SET', pressed, '2', 'EX', stays)
return answer('waiting', ahead, place)
