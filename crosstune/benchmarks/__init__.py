"""Benchmarks, one file each: what is asked, and how an answer becomes a program."""
