-- A script for wrk: requests the paths of a file in turn, and prints the result as JSON.
local threads = 0

function setup(thread)
  -- Threads begin at different paths.
  thread:set("position", threads * 7919)
  threads = threads + 1
end

function init(arguments)
  local requests = {}
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  -- Without this function, wrk sends one prepared request, which costs less.
  if #requests > 1 then
    request = function()
      position = position % #requests + 1
      return requests[position]
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "microseconds": %d, "p50": %d, "p99": %d, "status": %d, "lost": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout
  ))
end
