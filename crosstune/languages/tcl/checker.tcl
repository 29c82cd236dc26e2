# Runs a checker. Its decisions are the exit statuses 1 and 2, and Tcl ends with 1 after an error: with 3 instead.
set argv [lassign $argv argv0]
incr argc -1
if {[catch {source $argv0} message options]} {
    puts stderr [dict get $options -errorinfo]
    exit 3
}
