"""Read untrusted repositories with git: commits, changed files, contents, licences. Independent of the rules."""
