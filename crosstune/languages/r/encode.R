# Writes values: see docs/values.md.

DEEPEST <- 200

count_bytes <- function(count) writeBin(as.integer(count), raw(), endian = "big")
text_bytes <- function(text) {
  bytes <- charToRaw(enc2utf8(text))
  c(count_bytes(length(bytes)), bytes)
}
tagged <- function(tag, ...) c(charToRaw(tag), ...)
sized <- function(tag, parts) tagged(tag, count_bytes(length(parts)), unlist(parts))

encoded <- function(value, depth = 1) {
  if (depth > DEEPEST) stop("it nests too deep")
  if (is.null(value)) return(tagged("N"))
  if (is.factor(value)) value <- structure(as.character(value), names = names(value))
  if (inherits(value, "table")) value <- counted(value)
  if (is.object(value) && !is.data.frame(value)) return(encoded_object(value, depth))
  if (is.raw(value)) return(tagged("b", count_bytes(length(value)), value))
  if (is.matrix(value)) return(sized("l", lapply(seq_len(nrow(value)), function(row) encoded(unname(value[row, ]), depth + 1))))
  if (is.atomic(value) && length(dim(value)) <= 1) return(encoded_vector(value, depth))
  if (is.list(value)) return(encoded_list(value, depth))
  tagged("o", text_bytes(typeof(value)))
}

# What `table` returns has one name for each number, or is a matrix.
counted <- function(table) {
  if (length(dim(table)) != 1) return(unclass(table))
  structure(as.vector(table), names = names(table))
}

# Names by which all values can be told apart.
are_keys <- function(names) !is.null(names) && !anyNA(names) && all(nzchar(names)) && !anyDuplicated(names)

# The names of a vector are only labels: it is also the list of its values, and one value that value.
encoded_vector <- function(value, depth) {
  if (length(value) && are_keys(names(value))) return(labelled("", value, depth))
  if (!is.null(names(value)) && !length(value)) return(sized("m", list()))
  items <- items_bytes(as.vector(value))
  if (length(value) == 1) items else c(charToRaw("l"), count_bytes(length(value)), items)
}

labelled <- function(class, values, depth) {
  parts <- lapply(seq_along(values), function(at) c(text_bytes(names(values)[at]), encoded(values[[at]], depth + 1)))
  c(tagged("r", text_bytes(class)), count_bytes(length(parts)), unlist(parts))
}

encoded_list <- function(value, depth) {
  inside <- lapply(seq_along(value), function(at) encoded(.subset2(value, at), depth + 1))
  if (is.null(names(value)) || !are_keys(names(value)) && length(value)) return(sized("l", inside))
  keys <- lapply(names(value), function(name) tagged("s", text_bytes(name)))
  c(charToRaw("m"), count_bytes(length(value)), unlist(rbind(keys, inside)))
}

encoded_object <- function(value, depth) {
  class <- class(value)[1]
  is_record <- typeof(value) == "list" && length(value) && are_keys(names(value))
  if (is_record) labelled(class, unclass(value), depth) else tagged("o", text_bytes(class))
}

items_bytes <- function(value) {
  switch(typeof(value),
    logical = charToRaw(paste(c("F", "T", "N")[ifelse(is.na(value), 3L, value + 1L)], collapse = "")),
    integer = if (anyNA(value)) each_bytes(value) else integers_bytes(value),
    double = if (any(is.na(value) & !is.nan(value))) each_bytes(value) else doubles_bytes(value),
    character = unlist(lapply(value, string_bytes)),
    complex = unlist(lapply(value, complex_bytes)),
    stop("no value")
  )
}

each_bytes <- function(values) {
  unlist(lapply(values, function(each) if (is.na(each) && !is.nan(each)) charToRaw("N") else items_bytes(each)))
}

integers_bytes <- function(values) {
  signs <- as.raw(ifelse(values < 0, 255L, 0L))
  bytes <- matrix(writeBin(values, raw(), endian = "big"), 4)
  as.vector(rbind(charToRaw("i"), signs, signs, signs, signs, bytes))
}

doubles_bytes <- function(values) {
  as.vector(rbind(charToRaw("d"), matrix(writeBin(as.double(values), raw(), endian = "big"), 8)))
}

string_bytes <- function(text) {
  if (is.na(text)) return(charToRaw("N"))
  tagged(if (validUTF8(enc2utf8(text)) && Encoding(text) != "bytes") "s" else "b", text_bytes(text))
}

complex_bytes <- function(value) {
  c(tagged("K", text_bytes("complex")), tagged("t", count_bytes(2), doubles_bytes(c(Re(value), Im(value)))))
}
