"""A repository's commits through the rules, in four stages: messages, files, duplicates, contents.

Each stage takes the changes that the one before kept, reads what its rules need, and returns what it keeps
and what it drops with the reason.
"""
