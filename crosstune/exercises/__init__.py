"""The built-in exercises: one definition each, rendered into every language that has the idioms."""
