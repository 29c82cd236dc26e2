# Prepares the candidate's interpreter inside the sandbox; then a copy of this process continues with serve.tcl.
namespace eval serve {
    variable candidate [interp create]
    interp eval $candidate {set ::argv0 tests.tcl; set ::argv {}; set ::argc 0}
    # Loads what is otherwise loaded when it is first used.
    interp eval $candidate {catch {auto_load parray}; catch {clock format 0}; catch {package require no-such-package}}
}
source [lindex $argv 0]
