"""Read untrusted repositories with git: commits, changed files, contents, licences. Knows no rule."""
