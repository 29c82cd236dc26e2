"""What languages have in common whose programs are scripts of an interpreter; docs/extending.md has an
example."""
