# Judges a candidate in Bash inside the sandbox; see __init__.py.
#
# All variables of a shell are the candidate's, too. So the nonce is part of the text that is evaluated, digit by digit
# (no memory has it in one piece), and no variable has it or the tests when the candidate is loaded.
LC_ALL=C

# Each text follows its size in bytes and a newline.
crosstune_next() {
  local size
  read -r -u 3 size
  read -r -N "$size" -u 3 "$1"
}
crosstune_next crosstune_nonce # as it is evaluated
crosstune_next crosstune_candidate
crosstune_next crosstune_deciding # what decides in tests
crosstune_next crosstune_checked  # that of it which the tests do not define themselves
crosstune_next crosstune_own      # a pattern: the names that the tests define
crosstune_next crosstune_tests
exec 3<&-

# Whether a text can be parsed, with the patterns that a program may switch on.
crosstune_parses() (shopt -s extglob && eval "set -n"$'\n'"$1")

# Both at once, which is faster; they may be wrong only together.
if ! crosstune_parses "$crosstune_candidate"$'\n\n'"$crosstune_tests" 2> /dev/null; then
  if ! crosstune_parses "$crosstune_candidate"; then
    printf 'failed compile_error' >&4
    exit 1
  fi
  if ! crosstune_parses "$crosstune_tests"; then
    printf 'failed runtime_error' >&4
    exit 1
  fi
fi

# In POSIX mode, no function takes the place of unset, eval, set, trap or exit. That mode also sets inherit_errexit.
eval "unset -v LC_ALL ${!crosstune_@}
unset -f crosstune_next crosstune_parses
source /dev/fd/9 9<<<${crosstune_candidate@Q}
if [[ \$BASHOPTS == *inherit_errexit* ]]; then POSIXLY_CORRECT=1; else POSIXLY_CORRECT=0; fi
\\trap - DEBUG ERR RETURN
\\trap '[[ \$? == 0 ]] || printf \"failed wrong_answer\" >&4' EXIT
\\unset -f unset builtin enable shopt unalias type declare $crosstune_deciding
[[ \$POSIXLY_CORRECT == 1 ]] || \\shopt -u inherit_errexit
\\unset POSIXLY_CORRECT
\\enable builtin shopt unalias type declare $crosstune_deciding
\\unalias -a
\\shopt -u extdebug expand_aliases
$crosstune_tests
crosstune_status=\$?
POSIXLY_CORRECT=1
\\set +e
\\trap '' EXIT
\\set -- \"\$(\\type -t$crosstune_checked || \\printf missing; \\declare -pr; \\declare -Fr)\"
if [[ \$crosstune_status == 0 && \$BASHOPTS != *extdebug* && \$BASHOPTS != *expand_aliases* &&
  \$1 =~ ^(builtin\$'\\n')+declare && ! \$1 =~ declare\\ -[A-Za-z]*\\ ($crosstune_own)(=|\$'\\n'|\$) ]]; then
  \\printf 'passed '$crosstune_nonce >&4
  \\exit 0
else
  \\printf 'failed wrong_answer' >&4
  \\exit 1
fi"
