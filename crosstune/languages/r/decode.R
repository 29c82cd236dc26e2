# Reads the values of a question: see docs/values.md.

at <- 0
take <- function(data, count) {
  force(count) # which may take something itself
  at <<- at + count
  data[seq_len(count) + (at - count)]
}

number_of <- function(data) sum(as.double(as.integer(take(data, 4))) * 256^(3:0))

text_of <- function(data) {
  text <- rawToChar(take(data, number_of(data)))
  Encoding(text) <- "UTF-8"
  text
}

# All integers are doubles, as R's own literals are.
integer_of <- function(bytes) {
  digits <- as.integer(bytes)
  is_negative <- digits[1] >= 128L
  if (is_negative) digits <- 255L - digits
  value <- Reduce(function(value, digit) value * 256 + digit, digits, 0)
  if (is_negative) -value - 1 else value
}

value_of <- function(data) {
  tag <- rawToChar(take(data, 1))
  switch(tag,
    N = , U = NULL,
    T = TRUE,
    F = FALSE,
    i = integer_of(take(data, 8)),
    I = integer_of(take(data, number_of(data))),
    d = readBin(take(data, 8), "double", endian = "big"),
    c = intToUtf8(number_of(data)),
    s = text_of(data),
    b = take(data, number_of(data)),
    l = , t = , S = items_of(data),
    m = entries_of(data),
    stop("an unknown tag")
  )
}

# Scalars of one type are a vector, other values a list; nothing at all is c().
items_of <- function(data) {
  count <- number_of(data)
  if (!count) return(NULL)
  numbers <- numbers_of(data, count)
  if (!is.null(numbers)) return(numbers)
  tags <- character(count)
  values <- lapply(seq_len(count), function(place) {
    tags[place] <<- rawToChar(data[at + 1])
    value_of(data)
  })
  one_type <- any(vapply(SCALARS, function(tags_of_type) all(tags %in% tags_of_type), NA))
  if (one_type) unlist(values) else values
}
SCALARS <- list(c("i", "I", "d"), c("T", "F"), c("s", "c"))

# Many floating-point numbers at once; NULL if they are others.
numbers_of <- function(data, count) {
  if (count < 16 || at + 9 * count > length(data)) return(NULL)
  part <- matrix(data[seq_len(9 * count) + at], 9)
  if (any(part[1, ] != charToRaw("d"))) return(NULL)
  at <<- at + 9 * count
  readBin(as.vector(part[-1, ]), "double", count, endian = "big")
}

entries_of <- function(data) {
  count <- number_of(data)
  names <- character(count)
  values <- vector("list", count)
  for (place in seq_len(count)) {
    key <- value_of(data)
    names[place] <- if (is.logical(key)) as.character(key) else if (is.numeric(key)) format(key, digits = 15) else key
    each <- value_of(data)
    if (!is.null(each)) values[[place]] <- each
  }
  structure(values, names = names)
}
