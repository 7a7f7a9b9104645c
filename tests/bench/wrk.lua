-- MODE=once|cycle SECONDS=8 wrk -d … -s wrk.lua URL -- PLAN
-- Sends the requests of the plan (lines of "length", each followed by so many bytes), each
-- once or round and round, for so many seconds at most, and prints one line of JSON when all
-- that were sent are answered.
local ffi = require("ffi")
ffi.cdef([[
   int getpid(void); int kill(int pid, int number);
   struct timeval { long seconds; long microseconds; };
   int gettimeofday(struct timeval *now, void *zone);
]])

local once = os.getenv("MODE") == "once"
local seconds = tonumber(os.getenv("SECONDS"))
local requests, sent, stops_at = {}, 0, nil
local clock = ffi.new("struct timeval")

local function now()
   ffi.C.gettimeofday(clock, nil)
   return tonumber(clock.seconds) + tonumber(clock.microseconds) / 1e6
end

-- Whether nothing more is to be sent.
local function is_over()
   stops_at = stops_at or now() + seconds
   return sent >= #requests or now() >= stops_at
end
local threads = {}
answered, told, codes = 0, {}, ""

function setup(thread)
   table.insert(threads, thread)
end

function init(args)
   local file = assert(io.open(args[1], "rb"))
   while true do
      local length = file:read("*l")
      if not length then break end
      table.insert(requests, file:read(tonumber(length)))
   end
   file:close()
end

-- What a connection waits before its next request: for ever, once the sending is over. wrk
-- looks for the function when it has read this, and to ask it costs a turn of its loop.
if once then
   function delay()
      return is_over() and 3600000 or 0
   end
end

-- wrk asks once to see what a request looks like, and sends nothing.
local has_seen = false

function request()
   if not has_seen then
      has_seen = true
      return requests[1]
   end
   sent = sent + 1
   return requests[(sent - 1) % #requests + 1]
end

function response(status, headers)
   answered = answered + 1
   told[tostring(status)] = (told[tostring(status)] or 0) + 1
   if once then
      local place = headers["location"] or headers["Location"]
      if place then codes = codes .. place:match("[^/]+$") .. " " end
      -- The main thread only sleeps; an interrupt lets it sum up at once.
      if answered == sent and is_over() then ffi.C.kill(ffi.C.getpid(), 2) end
   end
end

function done(summary, latency)
   local thread = threads[1]
   local counts = {}
   for status, count in pairs(thread:get("told")) do
      table.insert(counts, string.format('"%s": %d', status, count))
   end
   local errors = summary.errors
   io.write(string.format(
      '\n{"seconds": %f, "told": {%s}, "codes": "%s", "cut_off": %d, "p50_ms": %f, "p99_ms": %f}\n',
      summary.duration / 1e6, table.concat(counts, ", "), thread:get("codes"),
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
