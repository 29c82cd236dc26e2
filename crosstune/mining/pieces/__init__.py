"""The piece of a changed file that becomes the sample: the whole file, a definition or a hunk."""
