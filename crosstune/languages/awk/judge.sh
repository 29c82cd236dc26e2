# Runs the program of descriptor 3 inside the sandbox; see __init__.py. gawk closes it when it has read its text, and this
# shell before. What cannot be parsed at all is the candidate's error if it cannot be parsed alone.
"$1" -f /dev/fd/3 &
exec 3<&-
wait $!
status=$?
if [ $status != 0 ] && ! "$1" -o/dev/null -f "$2" /dev/null 2>/dev/null; then printf 'failed compile_error' >&4; fi
exit $status
