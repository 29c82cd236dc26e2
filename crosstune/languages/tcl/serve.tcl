# The candidate's process: loads the candidate, then calls its procedures as it is asked; see docs/values.md. Nothing here
# needs protection from the candidate: all that it can change is what it answers. All values of Tcl are texts.
namespace eval serve {
    variable most_bytes [expr {16 << 20}]
    variable at 0               ;# how much of the question has been read
}

proc serve::take {question count} {
    variable at
    incr at $count
    string range $question [expr {$at - $count}] [expr {$at - 1}]
}

proc serve::number {question} {
    binary scan [take $question 4] Iu number
    return $number
}

proc serve::text {question} {
    encoding convertfrom utf-8 [take $question [number $question]]
}

# The next value of a question. Nothing is an empty text, and a truth value a number.
proc serve::value {question} {
    switch -exact -- [take $question 1] {
        N - U { return "" }
        T { return 1 }
        F { return 0 }
        i { binary scan [take $question 8] W number; return $number }
        I { return [large [take $question [number $question]]] }
        d { binary scan [take $question 8] Q number; return $number }
        c { return [format %c [number $question]] }
        s { return [text $question] }
        b { return [take $question [number $question]] }
        l - t - S { return [values $question [number $question]] }
        m { return [values $question [expr {2 * [number $question]}]] }
        default { error "an unknown tag" }
    }
}

proc serve::values {question count} {
    set found {}
    for {set each 0} {$each < $count} {incr each} {
        lappend found [value $question]
    }
    return $found
}

proc serve::large {bytes} {
    binary scan $bytes H* digits
    set number [expr 0x$digits]
    binary scan $bytes c first
    return [expr {$first < 0 ? $number - (1 << (8 * [string length $bytes])) : $number}]
}

proc serve::sized {data} {
    return [binary format I [string length $data]]$data
}

proc serve::written {text} {
    sized [encoding convertto utf-8 $text]
}

# The result of a call: all but errors are results, as `return -code` can make them.
proc serve::called {name arguments} {
    variable candidate
    if {[interp eval $candidate [list ::namespace which -command $name]] eq ""} {
        return E[written error][written "the candidate has no procedure $name"][written ""]
    }
    set code [catch {interp eval $candidate [list $name {*}$arguments]} result options]
    if {$code in {0 2}} {
        return Rs[written $result]
    }
    set kind [lindex [dict get [dict merge {-errorcode NONE} $options] -errorcode] 0]
    set trace [expr {[dict exists $options -errorinfo] ? [dict get $options -errorinfo] : ""}]
    return E[written [expr {$kind eq "NONE" ? "error" : $kind}]][written $result][written $trace]
}

proc serve::answer {question} {
    variable at 0
    if {[take $question 1] ne "C"} {
        error "only procedures are called"
    }
    set name [text $question]
    take $question 1
    set arguments [values $question [number $question]]
    # Procedures get copies: they change none of their arguments.
    return [called $name $arguments][binary format I 0][written ""][written ""]
}

proc serve::send {data} {
    variable most_bytes
    variable out
    set long [expr {[string length $data] > $most_bytes}]   ;# the judge reads no more of it
    puts -nonewline $out [binary format I [string length $data]][expr {$long ? "" : $data}]
    flush $out
    if {$long} {
        exit 1
    }
}

proc serve::refuse {status message} {
    puts stderr $message
    set report [open /dev/fd/4 wb]
    puts -nonewline $report "failed $status"
    close $report
    exit 1
}

proc serve::load_candidate {} {
    variable candidate
    set payload [open /dev/fd/3 rb]
    set text [encoding convertfrom utf-8 [read $payload [gets $payload]]]
    close $payload
    if {![info complete $text]} {
        refuse compile_error "the program ends inside of braces, brackets or quotes"
    }
    interp eval $candidate {::info script candidate.tcl}
    if {[catch {interp eval $candidate $text} message options] == 1} {
        refuse runtime_error [dict get $options -errorinfo]
    }
}

proc serve::serve {} {
    variable in [open /dev/fd/5 rb]
    variable out
    fconfigure stdout -buffering line
    load_candidate
    set out [open /dev/fd/6 wb]
    send H\x01
    while {[string length [set size [read $in 4]]] == 4} {
        binary scan $size Iu count
        send [answer [read $in $count]]
    }
    exit 0
}

serve::serve
