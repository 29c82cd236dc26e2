# Loads a candidate into its interpreter, then runs the tests in theirs; see __init__.py.
namespace eval judge {
    variable seen ""        ;# the arguments of the calls that are under way
    variable shared {}      ;# global variables that tests and candidate both name
    variable by_name 0      ;# whether the candidate changes variables of its callers
    variable lost ""        ;# the message of the candidate's last error
    variable failed 0       ;# whether a test of tcltest has failed
}

proc judge::next {payload} {
    read $payload [gets $payload]
}

# The words of a text that can be names.
proc judge::words {text} {
    lsort -unique [regexp -all -inline {[[:alpha:]_]\w*} $text]
}

# All commands of an interpreter, as they are called from the global namespace.
proc judge::commands {interpreter {namespace ::}} {
    set found {}
    foreach each [interp eval $interpreter [list ::info commands ${namespace}*]] {
        lappend found [expr {$namespace eq "::" ? [namespace tail $each] : $each}]
    }
    foreach each [interp eval $interpreter [list ::namespace children $namespace]] {
        lappend found {*}[commands $interpreter ${each}::]
    }
    return $found
}

# Copies a variable; ``where`` are the words that read it in its frame.
proc judge::copied {from to name} {
    if {![interp eval $from [list ::info exists $name]]} {
        return
    }
    catch {
        if {[interp eval $from [list ::array exists $name]]} {
            set items [interp eval $from [list ::array get $name]]
            interp eval $to [list ::unset -nocomplain $name]
            interp eval $to [list ::array set $name $items]
        } else {
            interp eval $to [list ::set $name [interp eval $from [list ::set $name]]]
        }
    }
}

proc judge::copy_globals {from to} {
    variable shared
    foreach name $shared {
        copied $from $to ::$name
    }
}

# The arguments that may be names of variables, in which the candidate puts results.
proc judge::named {arguments} {
    variable by_name
    if {!$by_name} {
        return {}
    }
    lsearch -all -inline -regexp $arguments {^(::)?[[:alpha:]_][\w:]{0,100}(\([^()]{0,100}\))?$}
}

# A call of a command of the candidate's by the tests. Only a value or an error comes back, never the end of its caller.
proc judge::call {name args} {
    variable candidate
    variable tests
    variable seen
    variable lost
    set names [named $args]
    copy_globals $tests $candidate
    foreach each $names {
        copied $tests $candidate $each
    }
    set outer $seen
    append seen " " $args
    set code [catch {interp eval $candidate [list $name {*}$args]} result options]
    set seen $outer
    foreach each $names {
        copied $candidate $tests $each
    }
    copy_globals $candidate $tests
    if {$code == 1} {
        set lost $result
        return -code error -errorcode [dict get $options -errorcode] -errorinfo [dict get $options -errorinfo] $result
    }
    return $result
}

# What the tests do not know may be the candidate's, such as an object that it has made.
proc judge::from_tests {name args} {
    variable candidate
    variable tests
    if {[interp eval $candidate [list ::namespace which -command $name]] ne ""} {
        return [call $name {*}$args]
    }
    return [interp eval $tests [list ::judge_unknown $name {*}$args]]
}

# What the candidate does not know may be a procedure that the tests have passed to it.
proc judge::from_candidate {name args} {
    variable candidate
    variable tests
    variable seen
    if {[string first $name $seen] >= 0 && [interp eval $tests [list ::info procs $name]] ne ""} {
        return [interp eval $tests [list $name {*}$args]]
    }
    return [interp eval $candidate [list ::judge_unknown $name {*}$args]]
}

# A coroutine of a command of the candidate's runs in the candidate's interpreter.
proc judge::coroutine {name command args} {
    variable candidate
    variable tests
    variable known
    if {[dict exists $known $command]} {
        return [call ::coroutine $name $command {*}$args]
    }
    return [interp eval $tests [list ::judge_coroutine $name $command {*}$args]]
}

proc judge::status {message options} {
    variable lost
    set code [dict get $options -errorcode]
    switch -glob -- $code {
        "POSIX ENOSPC*" - "POSIX EFBIG*" - "POSIX EDQUOT*" { return disk_limit }
        "POSIX EAGAIN*" { return process_limit }
    }
    if {$lost ne "" && $message eq $lost} {
        return runtime_error
    }
    # `error` has no code; what goes wrong in the tests themselves has one of Tcl's.
    return [expr {[lindex $code 0] in {TCL ARITH POSIX} ? "runtime_error" : "wrong_answer"}]
}

proc judge::show {options} {
    catch {puts stderr [dict get $options -errorinfo]}
}

# The status of a candidate that cannot be loaded; empty if it can.
proc judge::load_candidate {text} {
    variable candidate
    if {![info complete $text]} {
        puts stderr "the program ends inside of braces, brackets or quotes"
        return compile_error
    }
    interp eval $candidate {::info script candidate.tcl}
    set code [catch {interp eval $candidate $text} message options]
    if {$code == 1} {
        show $options
        set status [status $message $options]
        return [expr {[string match *_limit $status] ? $status : "runtime_error"}]
    }
    return ""
}

# Gives the tests the candidate's commands, and the values of its global variables that they name.
proc judge::lend {before globals text entries} {
    variable candidate
    variable tests
    variable known [dict create]
    variable shared
    foreach name [commands $candidate] {
        if {![dict exists $before $name] || $name in $entries} {
            dict set known $name 1
            if {[string match *::* $name]} {
                interp eval $tests [list ::namespace eval [namespace qualifiers ::$name] {}]
            }
            interp alias $tests $name {} ::judge::call $name
        }
    }
    set words [words $text]
    foreach name [interp eval $candidate {::info globals}] {
        if {$name ni $globals && $name in $words} {
            lappend shared $name
        }
    }
    copy_globals $candidate $tests
    foreach {interpreter handler} [list $tests from_tests $candidate from_candidate] {
        catch {interp eval $interpreter {::rename ::unknown ::judge_unknown}}
        interp alias $interpreter ::unknown {} ::judge::$handler
    }
    interp eval $tests {::rename ::coroutine ::judge_coroutine}
    interp alias $tests ::coroutine {} ::judge::coroutine
}

# The global variables that the candidate's procedures name, if the tests name them as well.
proc judge::look_at {text tests} {
    variable shared
    variable by_name [regexp {\m(upvar|uplevel)\M} $text]
    set words [words $tests]
    foreach {_ names} [regexp -all -inline {\mglobal\s+([\w \t]+)} $text] {
        lappend shared {*}[split [string trim $names]]
    }
    foreach {_ name} [regexp -all -inline {::(\w+)} $text] {
        lappend shared $name
    }
    set shared [lmap each [lsort -unique $shared] {
        expr {$each in $words && [regexp {^[[:alpha:]]} $each] ? $each : [continue]}
    }]
}

proc judge::watch_tcltest {} {
    variable tests
    interp alias $tests ::judge_failed {} ::judge::test_failed
    interp eval $tests {
        if {[info exists ::tcltest::numTests(Failed)]} {
            trace add variable ::tcltest::numTests(Failed) write {::judge_failed}
        }
    }
}

proc judge::test_failed {args} {
    variable tests
    variable failed
    if {[interp eval $tests {::set ::tcltest::numTests(Failed)}] > 0} {
        set failed 1
    }
}

# The status of tests that fail; empty if they pass. They may end with `exit`.
proc judge::run_tests {text} {
    variable tests
    variable failed
    interp alias $tests ::exit {} ::judge::leave
    watch_tcltest
    interp eval $tests {::info script tests.tcl}
    set code [catch {interp eval $tests $text} message options]
    if {$code == 1 && [dict get $options -errorcode] ne "JUDGE EXIT 0"} {
        # They are evaluated command by command, so an earlier one may fail where the last one never ends.
        if {![info complete $text]} {
            puts stderr "missing close-brace, close-bracket or quote"
        }
        show $options
        return [expr {[string match "JUDGE EXIT*" [dict get $options -errorcode]] ? "wrong_answer" : [status $message $options]}]
    }
    return [expr {$failed ? "wrong_answer" : ""}]
}

# The tests end here; whoever catches this ends them all the same.
proc judge::leave {{status 0}} {
    variable failed
    if {$status ni {0 0x0} || $failed} {
        ::judge::finish wrong_answer
    }
    ::judge::finish ""
}

proc judge::load_and_run {text tests entries} {
    variable candidate
    set before [dict create]
    foreach name [commands $candidate] {
        dict set before $name 1
    }
    set globals [interp eval $candidate {info globals}]
    if {[set status [load_candidate $text]] ne ""} {
        return $status
    }
    look_at $text $tests
    lend $before $globals $tests $entries
    return [run_tests $tests]
}

# The nonce is kept in this interpreter alone, which no other can reach, and masked.
apply {{} {
    set payload [open /dev/fd/3 rb]
    set random [open /dev/urandom rb]
    fconfigure $random -buffering none -buffersize 16
    binary scan [read $random 16] Iu4 mask
    close $random
    binary scan [binary format H* [::judge::next $payload]] Iu4 nonce
    set masked [lmap each $nonce with $mask {expr {$each ^ $with}}]
    unset nonce
    set candidate [encoding convertfrom utf-8 [::judge::next $payload]]
    set tests [encoding convertfrom utf-8 [::judge::next $payload]]
    close $payload
    set end [string first \n $tests]
    set entries [string range $tests 0 $end-1]
    set tests [string range $tests $end+1 end]
    proc ::judge::finish {status} [string map [list HIDDEN $masked OVER $mask] {
        catch {flush stdout}
        set report [open /dev/fd/4 wb]
        if {$status ne ""} {
            puts -nonewline $report "failed $status"
            close $report
            ::exit 1
        }
        puts -nonewline $report "passed [format %08x%08x%08x%08x {*}[lmap each {HIDDEN} with {OVER} {expr {$each ^ $with}}]]"
        close $report
        ::exit 0
    }]
    fconfigure stdout -buffering line
    ::judge::finish [::judge::load_and_run $candidate $tests $entries]
}}
