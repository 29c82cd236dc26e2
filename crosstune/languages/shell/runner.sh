# Judges a candidate in Bash inside the sandbox; see __init__.py and `_shared/scripts/interpreter.py`. A started shell
# stays here: it is forked where it opens the second script.
unset -v LD_PRELOAD CROSSTUNE_FORK_AT
source "$1"
