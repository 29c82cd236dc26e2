# Whether a file is a whole script: Tcl parses the rest only while it runs.
set file [open [lindex $argv 0]]
set complete [info complete [read $file]]
if {!$complete} {
    puts stderr "the program ends inside of braces, brackets or quotes"
}
exit [expr {!$complete}]
