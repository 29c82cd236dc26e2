# The candidate's process: loads the candidate, then calls its functions as it is asked; see docs/values.md. Nothing here
# needs protection from the candidate: all that it can change is what it answers.

MOST_BYTES <- 16 * 2^20

failed <- function(problem) {
  tagged("E", text_bytes(class(problem)[1]), text_bytes(conditionMessage(problem)), text_bytes(""))
}

safely <- function(value) tryCatch(encoded(value), error = function(problem) tagged("o", text_bytes(typeof(value))))

called <- function(name, arguments) {
  tryCatch({
    callee <- get0(name, globalenv(), mode = "function")
    if (is.null(callee)) stop("the candidate has no function ", name)
    value <- do.call(callee, arguments, quote = TRUE, envir = globalenv())
    c(charToRaw("R"), safely(value))
  }, error = failed)
}

# Functions get copies: they change none of their arguments.
answer <- function(question) {
  force(question)
  at <<- 0
  if (rawToChar(take(question, 1)) != "C") stop("only functions are called")
  name <- text_of(question)
  take(question, 1)
  count <- number_of(question)
  arguments <- lapply(seq_len(count), function(.) value_of(question))
  c(called(name, arguments), count_bytes(0), text_bytes(""), text_bytes(""))
}

received <- function(from, count) {
  data <- raw()
  while (length(data) < count) {
    more <- readBin(from, "raw", count - length(data))
    if (!length(more)) return(NULL)
    data <- c(data, more)
  }
  data
}

send <- function(data, to) {
  is_long <- length(data) > MOST_BYTES # the judge reads no more of it
  writeBin(c(count_bytes(length(data)), if (!is_long) data), to)
  flush(to)
  if (is_long) leave(1L)
}

refuses <- function(problem, status) {
  show(problem)
  report(paste("failed", status))
  leave(1L)
}

serve <- function() {
  payload <- file("/dev/fd/3", "rb", raw = TRUE)
  candidate <- next_text(payload)
  close(payload)
  code <- tryCatch(parsed(candidate, "candidate.R"), error = function(problem) refuses(problem, "compile_error"))
  set.seed(NULL)
  tryCatch(for (expression in code) eval(expression, globalenv()), error = function(problem) refuses(problem, "runtime_error"))
  from <- file("/dev/fd/5", "rb", raw = TRUE)
  to <- file("/dev/fd/6", "wb", raw = TRUE)
  send(as.raw(c(0x48, 1)), to)
  repeat {
    size <- received(from, 4)
    if (is.null(size)) break
    question <- received(from, sum(as.integer(size) * 256^(3:0)))
    send(answer(question), to)
  }
  leave(0L)
}

serve()
