-- MODE=once|cycle wrk -s wrk.lua URL -- PLAN
-- Sends the requests of the plan (lines of "length", each followed by so many bytes), each
-- once or round and round, and prints one line of JSON when all are answered or time is over.
local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int pid, int number);")

local once = os.getenv("MODE") == "once"
local requests, sent = {}, 0
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

-- What a connection waits before its next request: for ever, once all have been sent. wrk
-- looks for the function when it has read this, and to ask it costs a turn of its loop.
if once then
   function delay()
      return sent < #requests and 0 or 3600000
   end
end

function request()
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
      if answered == #requests then ffi.C.kill(ffi.C.getpid(), 2) end
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
