-- wrk … -s paths.lua URL -- FILE 'NAME: VALUE': asks for the paths in a file, one a line, in turn
local requests, at = {}, 0
function init(arguments)
  local name, value = arguments[2]:match("([^:]+): (.*)")
  for line in io.lines(arguments[1]) do
    requests[#requests + 1] =
      wrk.format("GET", line, { ["Accept-Encoding"] = "gzip", [name] = value })
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
