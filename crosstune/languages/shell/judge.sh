# The second part of runner.sh, in a process of its own for each program.
#
# All variables of a shell are the candidate's, too. So the nonce is part of the text that is evaluated, digit by digit
# (no memory has it in one piece), and no variable has it or the tests when the candidate is loaded.
set --
SECONDS=0 RANDOM=$SRANDOM
LC_ALL=C

# Each text follows its size in bytes and a newline.
read -r -u 3 crosstune_size
crosstune_nonce=
for ((; crosstune_size > 0; crosstune_size--)); do
  read -r -N 1 -u 3 crosstune_digit
  crosstune_nonce+="$crosstune_digit''"
done
# Opened again, a file would be read from its beginning.
if [[ -p /dev/fd/3 ]]; then crosstune_rest=$(</dev/fd/3); else crosstune_rest=$(cat <&3); fi
exec 3<&-
crosstune_next() {
  local size=${crosstune_rest%%$'\n'*}
  crosstune_rest=${crosstune_rest#*$'\n'}
  printf -v "$1" %s "${crosstune_rest:0:size}"
  crosstune_rest=${crosstune_rest:size}
}
crosstune_next crosstune_candidate
crosstune_next crosstune_deciding # what decides in tests
crosstune_next crosstune_checked  # that of it which the tests do not define themselves
crosstune_next crosstune_own      # a pattern: the names that the tests define
crosstune_next crosstune_tests

# Parse the candidate alone, with the patterns that a program may switch on.
if ! (shopt -s extglob && eval "set -n"$'\n'"$crosstune_candidate"); then
  printf 'failed compile_error' >&4
  exit 1
fi

# In POSIX mode, no function takes the place of unset, eval, set, trap or exit. That mode also sets inherit_errexit.
eval "unset -v LC_ALL ${!crosstune_@}
unset -f crosstune_next
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
if [[ \$crosstune_status == 0 && \$BASHOPTS != *extdebug* && \$BASHOPTS != *expand_aliases* &&
  \$(\\type -t$crosstune_checked || \\printf missing) == +(builtin?([[:space:]])) &&
  ! \$(\\declare -pr; \\declare -Fr) =~ declare\\ -[A-Za-z]*\\ ($crosstune_own)(=|\$'\\n'|\$) ]]; then
  \\printf 'passed '$crosstune_nonce >&4
  \\exit 0
else
  \\printf 'failed wrong_answer' >&4
  \\exit 1
fi"
