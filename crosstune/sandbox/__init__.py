"""One command, isolated and limited. Knows commands and limits, never languages."""
