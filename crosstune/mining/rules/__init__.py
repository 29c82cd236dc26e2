"""The rules of a profile: each decides whether to drop a change. Rules do not read the repository."""
