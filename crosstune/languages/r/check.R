# Parses the file that is its argument.
invisible(tryCatch(parse(commandArgs(TRUE)[1], encoding = "UTF-8"), error = function(problem) {
  cat(conditionMessage(problem), "\n", file = stderr())
  quit("no", 1L, FALSE)
}))
