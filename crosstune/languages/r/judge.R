# The second part of runner.R, in a process of its own for each program.

# What decides in tests: these are the functions of `base` when the tests begin, and still when they have ended.
DECIDING <- c("stopifnot", "stop", "identical", "all.equal", "isTRUE", "isFALSE", "==", "!=", "<", ">", "<=", ">=", "!", "&&",
              "||", "&", "|", "if", "{", "(", "all", "any", "is.null", "is.na", "length", "abs", "-", "quit", "q", "tryCatch",
              "inherits", "is.numeric", "is.character", "is.logical", "is.list", "nchar", "sum", "xor")
GENERICS <- c("all.equal", "Ops", "==", "!=", "<", ">", "<=", ">=", "!", "&", "|", "-", "Math", "abs", "Summary", "all", "any", "sum",
              "length")

definitions <- function() mget(DECIDING, envir = baseenv(), mode = "function")

# Whether a function is written in the candidate.
is_of_candidate <- function(f) {
  place <- attr(f, "srcref")
  !is.null(place) && identical(attr(place, "srcfile")$filename, "candidate.R")
}

# Methods of the candidate's classes decide about what the tests compare only if the tests name the class.
strict_methods <- function(tests) {
  for (generic in GENERICS) {
    for (name in ls(globalenv(), pattern = paste0("^\\Q", generic, "\\E\\."), all.names = TRUE)) {
      class <- substring(name, nchar(generic) + 2)
      if (grepl(paste0("\\b\\Q", class, "\\E\\b"), tests, perl = TRUE)) next
      method <- get(name, globalenv())
      if (is.function(method)) assign(name, strict(method, generic), globalenv())
    }
  }
}

strict <- function(method, generic) {
  force(method)
  function(...) {
    callers <- lapply(seq_len(sys.nframe() - 1), sys.function)
    if (length(callers) && any(vapply(callers, is_of_candidate, NA))) return(method(...))
    stop("an object of the candidate's is compared")
  }
}

# A wrong answer makes the tests fail; what fails within the candidate's functions is its own error.
status_of <- function(functions) {
  if (any(vapply(functions, is_of_candidate, NA))) "runtime_error" else "wrong_answer"
}

# The status of what fails; nothing if all expressions have been evaluated.
run <- function(expressions) {
  failure <- NULL
  full <- FALSE
  tryCatch(
    withCallingHandlers(
      for (expression in expressions) eval(expression, globalenv()),
      # R itself only says "cannot open the connection".
      warning = function(problem) if (grepl("No space left", conditionMessage(problem), fixed = TRUE)) full <<- TRUE,
      error = function(problem) {
        functions <- lapply(seq_len(sys.nframe() - 1), sys.function)
        failure <<- if (inherits(problem, "CStackOverflowError") || inherits(problem, "expressionStackOverflowError") ||
                        grepl("could not find function", conditionMessage(problem), fixed = TRUE))
          "runtime_error" else status_of(functions)
      }
    ),
    error = function(problem) {
      show(problem)
      if (is.null(failure)) failure <<- "runtime_error"
      if (grepl("cannot allocate", conditionMessage(problem), fixed = TRUE)) failure <<- "memory_limit"
      if (full) failure <<- "disk_limit"
    },
    interrupt = function(problem) failure <<- "runtime_error"
  )
  failure
}

# Whether what the tests call is what they have defined.
is_owned <- function(names) {
  all(vapply(names, function(name) {
    found <- get0(name, globalenv(), mode = "function", inherits = FALSE)
    is.null(found) || identical(attr(attr(found, "srcref"), "srcfile")$filename, "tests.R")
  }, NA))
}

ends <- function(failure) {
  report(paste("failed", failure))
  leave(1L)
}

judge <- function() {
  payload <- file("/dev/fd/3", "rb", raw = TRUE)
  nonce <- utf8ToInt(next_text(payload))
  mask <- sample.int(256L, length(nonce), TRUE)
  nonce <- bitwXor(nonce, mask)
  candidate <- next_text(payload)
  tests <- next_text(payload)
  close(payload)
  parallel:::closeFD(3L)
  code <- tryCatch(parsed(candidate, "candidate.R"), error = function(problem) {
    show(problem)
    ends("compile_error")
  })
  hidden <- memCompress(charToRaw(enc2utf8(tests)), "gzip")
  rm(candidate, tests)
  saved <- definitions()
  set.seed(NULL)
  failure <- run(code)
  if (!is.null(failure)) ends(if (failure == "wrong_answer") "runtime_error" else failure)
  shown <- intersect(DECIDING, ls(globalenv(), all.names = TRUE))
  rm(list = shown, envir = globalenv())
  tests <- rawToChar(memDecompress(hidden, "gzip"))
  Encoding(tests) <- "UTF-8"
  strict_methods(tests)
  own <- regmatches(tests, gregexpr("(?m)^[A-Za-z.][\\w.]*(?=\\s*(<-|=)\\s*function)", tests, perl = TRUE))[[1]]
  code <- tryCatch(parsed(tests, "tests.R"), error = function(problem) {
    show(problem)
    ends("wrong_answer")
  })
  failure <- run(code)
  if (is.null(failure) && !(identical(definitions(), saved) && !any(DECIDING %in% ls(globalenv(), all.names = TRUE)) && is_owned(own)))
    failure <- "wrong_answer"
  if (!is.null(failure)) ends(failure)
  report(paste("passed", intToUtf8(bitwXor(nonce, mask))))
  leave(0L)
}

judge()
