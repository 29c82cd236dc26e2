"""Read untrusted repositories with git: commits, changed files, contents, licences. Applies no rules."""
