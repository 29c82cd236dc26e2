"""Program in, verdict out, many at once."""
