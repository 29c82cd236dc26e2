# Prepares two interpreters inside the sandbox, one for the candidate and one for its tests; then a copy of this process
# continues with judge.tcl: see __init__.py.
namespace eval judge {
    variable candidate [interp create]
    variable tests [interp create]
    variable usual
    foreach each [list $candidate $tests] {
        interp eval $each {set ::argv0 tests.tcl; set ::argv {}; set ::argc 0}
        # Loads what is otherwise loaded when it is first used.
        interp eval $each {catch {auto_load parray}; catch {clock format 0}; catch {package require no-such-package}}
    }
    if {"tcltest" in $argv} {
        interp eval $tests {package require tcltest}
    }
}
source [lindex $argv 0]
