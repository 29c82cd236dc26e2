// Package evidence tells how the tests ended; see _judging.py. Programs cannot import it, only the main of
// ours that calls their tests; it is initialised before them, because every package that they see depends on it.
package evidence

import "syscall"

var masked, pad [64]byte
var length int

func init() {
	var secret [64]byte
	read, err := syscall.Read(3, secret[:])
	syscall.Close(3)
	random, fault := syscall.Open("/dev/urandom", syscall.O_RDONLY, 0)
	if err != nil || fault != nil {
		syscall.Exit(1)
	}
	if _, err := syscall.Read(random, pad[:]); err != nil {
		syscall.Exit(1)
	}
	syscall.Close(random)
	// Nothing that looks like the secret stays in memory while the candidate runs.
	for at := 0; at < read; at++ {
		masked[at] = secret[at] ^ pad[at]
		secret[at] = 0
	}
	length = read
}

func Tell(passed bool) {
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

func End(passed bool) {
	Tell(passed)
	if !passed {
		syscall.Exit(1)
	}
}
