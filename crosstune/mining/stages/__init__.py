"""Apply the rules to a repository's commits in four stages: messages, files, duplicates, contents.

Each stage takes the changes that the previous stage kept, reads the data that its rules need, and returns the
kept and the dropped changes, the latter with the reason.
"""
