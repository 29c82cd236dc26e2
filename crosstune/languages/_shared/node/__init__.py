"""JavaScript and TypeScript: one run time, one judge."""
