# HumanEval/10 helper
proc is_palindrome {string} {
    return [expr {$string eq [string reverse $string]}]
}

# HumanEval/32 helper
proc poly {xs x} {
    set sum 0.0
    set power 1.0
    foreach coefficient $xs {
        set sum [expr {$sum + $coefficient * $power}]
        set power [expr {$power * $x}]
    }
    return $sum
}

# HumanEval/38 helper
proc encode_cyclic {s} {
    set found ""
    for {set i 0} {$i < [string length $s]} {incr i 3} {
        set group [string range $s $i $i+2]
        if {[string length $group] == 3} {
            set group [string range $group 1 2][string index $group 0]
        }
        append found $group
    }
    return $found
}

# HumanEval/50 helper
proc encode_shift {s} {
    set found ""
    foreach c [split $s ""] {
        append found [format %c [expr {([scan $c %c] + 5 - 97) % 26 + 97}]]
    }
    return $found
}

# HumanEval/32 tests
proc value_at {xs x} {
    set sum 0.0
    foreach coefficient [lreverse $xs] { set sum [expr {$sum * $x + $coefficient}] }
    return $sum
}
if {abs([value_at ARGUMENTS [CALL]]) >= TOLERANCE} { error "no root" }

# HumanEval/0
    set sorted [lsort -real $numbers]
    foreach a [lrange $sorted 0 end-1] b [lrange $sorted 1 end] {
        if {$b ne "" && $b - $a < $threshold} { return true }
    }
    return false

# HumanEval/2
    expr {fmod($number, 1)}

# HumanEval/8
    list [::tcl::mathop::+ {*}$numbers] [::tcl::mathop::* {*}$numbers]

# HumanEval/10
    set at 0
    while {![is_palindrome [string range $string $at end]]} { incr at }
    return $string[string reverse [string range $string 0 $at-1]]

# HumanEval/12
    set longest ""
    foreach each $strings {
        if {[string length $each] > [string length $longest]} { set longest $each }
    }
    return $longest

# HumanEval/22
    lmap each $values { expr {[string is entier -strict $each] ? $each : [continue]} }

# HumanEval/32
    set low -1.0
    set high 1.0
    while {[poly $xs $low] * [poly $xs $high] > 0} {
        set low [expr {$low * 2}]
        set high [expr {$high * 2}]
    }
    while {$high - $low > 1e-12} {
        set middle [expr {($low + $high) / 2}]
        if {$middle == $low || $middle == $high} break
        if {[poly $xs $middle] * [poly $xs $low] > 0} { set low $middle } else { set high $middle }
    }
    return $low

# HumanEval/38
    encode_cyclic [encode_cyclic $s]

# HumanEval/50
    set found ""
    foreach c [split $s ""] {
        append found [format %c [expr {([scan $c %c] - 5 - 97) % 26 + 97}]]
    }
    return $found

# HumanEval/53
    expr {$x + $y}

# HumanEval/87
    set found {}
    for {set i 0} {$i < [llength $lst]} {incr i} {
        for {set j [expr {[llength [lindex $lst $i]] - 1}]} {$j >= 0} {incr j -1} {
            if {[lindex $lst $i $j] == $x} { lappend found [list $i $j] }
        }
    }
    return $found

# HumanEval/90
    lindex [lsort -integer -unique $lst] 1

# HumanEval/95
    set keys [dict keys $dict]
    if {![llength $keys]} { return false }
    foreach pattern {{^[a-z]+$} {^[A-Z]+$}} {
        if {[llength [lsearch -all -regexp $keys $pattern]] == [llength $keys]} { return true }
    }
    return false

# HumanEval/103
    if {$n > $m} { return -1 }
    set sum [expr {$n + $m}]
    set middle [expr {$sum / 2}]
    if {$sum % 2 && $middle % 2} { incr middle }
    return 0b[format %b $middle]

# HumanEval/107
    set even 0
    set odd 0
    for {set i 1} {$i <= $n} {incr i} {
        if {$i == [string trimleft [string reverse $i] 0]} { incr [expr {$i % 2 ? "odd" : "even"}] }
    }
    list $even $odd

# HumanEval/111
    set counts {}
    foreach letter $test { dict incr counts $letter }
    if {![dict size $counts]} { return {} }
    set most [::tcl::mathfunc::max {*}[dict values $counts]]
    dict filter $counts value $most

# HumanEval/112
    set kept ""
    foreach each [split $s ""] {
        if {[string first $each $c] < 0} { append kept $each }
    }
    list $kept [expr {$kept eq [string reverse $kept]}]

# HumanEval/125
    if {[string first " " $txt] >= 0} { return [regexp -all -inline {\S+} $txt] }
    if {[string first , $txt] >= 0} { return [split $txt ,] }
    regexp -all {[bdfhjlnprtvxz]} $txt

# HumanEval/128
    if {![llength $arr]} { return {} }
    set sum 0
    set sign 1
    foreach x $arr {
        incr sum [expr {abs($x)}]
        set sign [expr {$sign * (($x > 0) - ($x < 0))}]
    }
    expr {$sum * $sign}

# HumanEval/136
    set sorted [lsort -integer $lst]
    set negative [lmap x $sorted { expr {$x < 0 ? $x : [continue]} }]
    set positive [lmap x $sorted { expr {$x > 0 ? $x : [continue]} }]
    list [lindex $negative end] [lindex $positive 0]

# HumanEval/139
    set product 1
    set factorial 1
    for {set i 1} {$i <= $n} {incr i} {
        set factorial [expr {$factorial * $i}]
        set product [expr {$product * $factorial}]
    }
    return $product

# HumanEval/155
    set even [regexp -all {[02468]} $num]
    set odd [regexp -all {[13579]} $num]
    list $even $odd
