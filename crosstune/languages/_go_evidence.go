// Package evidence tells how the tests ended; see _go_judging.py. It is imported under a path drawn
// for every run, and is initialised before the candidate, which imports it through the tests.
package evidence

import "syscall"

var secret = make([]byte, 64)

func init() {
	read, err := syscall.Read(3, secret)
	if err != nil {
		syscall.Exit(1)
	}
	secret = secret[:read]
	syscall.Close(3)
}

func Tell(passed bool) {
	words := []byte("failed wrong_answer")
	if passed {
		words = append([]byte("passed "), secret...)
	}
	if _, err := syscall.Write(4, words); err != nil {
		syscall.Exit(1)
	}
}
