// Package evidence reports how the tests ended; see _judging.py. Only crosstune's main, which calls the tests,
// can import it, not the program. It is initialised first, because every package that a program sees depends on it.
package evidence

import (
	"runtime"
	"syscall"
)

var masked, pad [64]byte
var length int
var process int

func init() {
	process = syscall.Getpid()
	var nonce [64]byte
	read, err := syscall.Read(3, nonce[:])
	syscall.Close(3)
	random, openError := syscall.Open("/dev/urandom", syscall.O_RDONLY, 0)
	if err != nil || openError != nil {
		syscall.Exit(1)
	}
	if _, err := syscall.Read(random, pad[:]); err != nil {
		syscall.Exit(1)
	}
	syscall.Close(random)
	// While the candidate runs, nothing in memory looks like the nonce.
	for at := 0; at < read; at++ {
		masked[at] = nonce[at] ^ pad[at]
		nonce[at] = 0
	}
	length = read
}

var begun bool

// Begin is called once: a candidate that calls main to try out its answers ends the program.
func Begin() {
	if begun {
		syscall.Exit(1)
	}
	begun = true
}

// LeaveFork ends a process that the candidate has forked to try out an answer: it must not see whether a test
// fails there.
func LeaveFork() {
	if syscall.Getpid() != process {
		syscall.Exit(1)
	}
}

func Report(passed bool) {
	LeaveFork()
	words := []byte("failed wrong_answer")
	if passed {
		words = []byte("passed ")
		for at := 0; at < length; at++ {
			words = append(words, masked[at]^pad[at])
		}
	}
	if _, err := syscall.Write(4, words); err != nil {
		syscall.Exit(1)
	}
}

// Fail ends the program with a report that is no success.
func Fail(report string) {
	syscall.Write(4, []byte(report))
	syscall.Exit(1)
}

func End(passed bool) {
	Report(passed)
	if !passed {
		syscall.Exit(1)
	}
}

// Exit is os.Exit of tests that are a program: status 0 means that the candidate has passed.
func Exit(status int) {
	Report(status == 0)
	syscall.Exit(status)
}

// Run runs tests that are a program: they have passed when main returns.
func Run(main func()) {
	Begin()
	defer func() {
		if value := recover(); value != nil {
			if isFromTests(value) {
				Report(false)
			}
			panic(value)
		}
	}()
	main()
	End(true)
}

// Whether the tests' own code called panic. It does not matter that a candidate can appear as theirs: it fails.
func isFromTests(value interface{}) bool {
	if _, ok := value.(runtime.Error); ok {
		return false
	}
	var callers [16]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers[:])])
	for {
		frame, more := frames.Next()
		if !begins(frame.Function, "runtime.") && !begins(frame.Function, "log.") {
			const file = "/tests.go"
			return len(frame.File) > len(file) && frame.File[len(frame.File)-len(file):] == file
		}
		if !more {
			return false
		}
	}
}

func begins(text, word string) bool { return len(text) >= len(word) && text[:len(word)] == word }
