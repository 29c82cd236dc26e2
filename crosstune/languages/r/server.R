# Serves a candidate's functions: like runner.R, with serve.R as the second script.
local({
  second <- commandArgs(TRUE)[1]
  space <- new.env(parent = baseenv())
  for (name in c("common.R", "decode.R", "encode.R")) sys.source(file.path(dirname(second), name), space)
  sys.source(second, space)
})
