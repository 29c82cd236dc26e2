# HumanEval/10 helper
is_palindrome <- function(string) {
  letters <- strsplit(string, "")[[1]]
  identical(letters, rev(letters))
}

# HumanEval/32 helper
poly <- function(xs, x) {
  sum(xs * x^(seq_along(xs) - 1))
}

# HumanEval/38 helper
encode_cyclic <- function(s) {
  if (nchar(s) == 0) return("")
  starts <- seq(1, nchar(s), by = 3)
  groups <- substring(s, starts, starts + 2)
  paste(ifelse(nchar(groups) == 3, paste0(substring(groups, 2), substring(groups, 1, 1)), groups), collapse = "")
}

# HumanEval/50 helper
encode_shift <- function(s) {
  intToUtf8((utf8ToInt(s) + 5 - 97) %% 26 + 97)
}

# HumanEval/32 tests
value_at <- function(xs, x) sum(xs * x^(seq_along(xs) - 1))
stopifnot(abs(value_at(ARGUMENTS, CALL)) < TOLERANCE)

# HumanEval/0
  any(diff(sort(numbers)) < threshold)

# HumanEval/2
  number %% 1

# HumanEval/8
  list(sum(numbers), prod(numbers))

# HumanEval/10
  for (at in 0:nchar(string)) {
    if (is_palindrome(substring(string, at + 1))) break
  }
  before <- rev(strsplit(substring(string, 1, at), "")[[1]])
  paste(c(string, before), collapse = "")

# HumanEval/12
  if (length(strings) == 0) return(NULL)
  strings[[which.max(nchar(strings))]]

# HumanEval/22
  is_whole <- function(x) is.numeric(x) && length(x) == 1 && x %% 1 == 0
  unlist(Filter(is_whole, as.list(values)))

# HumanEval/32
  low <- -1
  high <- 1
  while (poly(xs, low) * poly(xs, high) > 0) {
    low <- low * 2
    high <- high * 2
  }
  while (high - low > 1e-12) {
    middle <- (low + high) / 2
    if (middle == low || middle == high) break
    if (poly(xs, middle) * poly(xs, low) > 0) low <- middle else high <- middle
  }
  low

# HumanEval/38
  encode_cyclic(encode_cyclic(s))

# HumanEval/50
  intToUtf8((utf8ToInt(s) - 5 - 97) %% 26 + 97)

# HumanEval/53
  x + y

# HumanEval/87
  found <- list()
  for (i in seq_along(lst)) {
    for (j in rev(seq_along(lst[[i]]))) {
      if (lst[[i]][[j]] == x) found[[length(found) + 1]] <- c(i - 1, j - 1)
    }
  }
  found

# HumanEval/90
  distinct <- sort(unique(lst))
  if (length(distinct) > 1) distinct[2] else NULL

# HumanEval/95
  keys <- names(dict)
  length(keys) > 0 && (all(grepl("^[a-z]+$", keys)) || all(grepl("^[A-Z]+$", keys)))

# HumanEval/103
  if (n > m) return(-1)
  rest <- round((n + m) / 2)
  digits <- character(0)
  repeat {
    digits <- c(rest %% 2, digits)
    rest <- rest %/% 2
    if (rest == 0) break
  }
  paste0("0b", paste(digits, collapse = ""))

# HumanEval/107
  is_mirrored <- function(i) {
    digits <- strsplit(as.character(i), "")[[1]]
    identical(digits, rev(digits))
  }
  found <- Filter(is_mirrored, seq_len(n))
  c(sum(found %% 2 == 0), sum(found %% 2 == 1))

# HumanEval/111
  words <- Filter(nzchar, strsplit(test, " ")[[1]])
  if (length(words) == 0) return(list())
  counts <- table(words)
  as.list(counts[counts == max(counts)])

# HumanEval/112
  kept <- setdiff(strsplit(s, "")[[1]], strsplit(c, "")[[1]])
  kept <- Filter(function(each) each %in% kept, strsplit(s, "")[[1]])
  list(paste(kept, collapse = ""), identical(kept, rev(kept)))

# HumanEval/125
  if (grepl(" ", txt)) return(Filter(nzchar, strsplit(txt, " ")[[1]]))
  if (grepl(",", txt)) return(strsplit(txt, ",")[[1]])
  codes <- utf8ToInt(txt)
  sum(codes >= 97 & codes <= 122 & codes %% 2 == 0)

# HumanEval/128
  if (length(arr) == 0) return(NULL)
  sum(abs(arr)) * prod(sign(arr))

# HumanEval/136
  negative <- lst[lst < 0]
  positive <- lst[lst > 0]
  list(if (length(negative)) max(negative), if (length(positive)) min(positive))

# HumanEval/139
  prod(factorial(seq_len(n)))

# HumanEval/155
  digits <- utf8ToInt(as.character(abs(num))) - 48
  c(sum(digits %% 2 == 0), sum(digits %% 2 == 1))
