"""Reading an untrusted repository with git."""
