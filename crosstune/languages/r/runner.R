# Judges a candidate in R inside the sandbox; see __init__.py and `_shared/scripts/interpreter.py`. A started interpreter
# stays here: it is forked where it opens the second script.
suppressWarnings(loadNamespace("parallel"))
invisible(compiler::compile(quote(for (i in 1:3) i)))
local({
  second <- commandArgs(TRUE)[1]
  space <- new.env(parent = baseenv())
  sys.source(file.path(dirname(second), "common.R"), space)
  sys.source(second, space)
})
