"""The rules of a profile: each decides whether a commit is dropped."""
