"""The rules of a profile: each decides whether a change is dropped. They read no repository."""
