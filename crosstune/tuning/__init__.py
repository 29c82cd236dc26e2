"""Examples in, a tuned model out."""
