# Links a program as the compiler's own script (ppas.sh) would, but by $linker, which is several times as fast and
# does not know that script's form. Anything but object files is left to the compiler's script.
inside= others=
for script in link*.res; do
    while read -r line; do
        case "$line" in
        'INPUT(') inside=1 ;;
        ')') inside= ;;
        *.o) set -- "$@" "$line" ;;
        GROUP*) others=1 ;;
        *) others=$others$inside ;;
        esac
    done <"$script"
done
if [ -n "$linker" ] && [ -z "$others" ]; then $linker -e _start -o "$program" "$@"; else sh ./ppas.sh; fi
