"""Corpus sources, one file each: something outside becomes examples."""
