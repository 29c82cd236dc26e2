// Package examples runs the examples of tests, as Go's own runner does: what they print is compared.
package examples

import (
	"io"
	"os"
	"sort"
	"strings"
)

// Output returns what an example prints to os.Stdout, without white space around it.
func Output(example func(), unordered bool) string {
	reader, writer, err := os.Pipe()
	if err != nil {
		panic(err)
	}
	stdout, printed := os.Stdout, make(chan string)
	go func() {
		data, _ := io.ReadAll(reader)
		printed <- string(data)
	}()
	os.Stdout = writer
	defer func() { os.Stdout = stdout }()
	example()
	writer.Close()
	return Text(<-printed, unordered)
}

// Text returns a text as it is compared: unordered lines are sorted.
func Text(text string, unordered bool) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if unordered {
		sort.Strings(lines)
	}
	return strings.Join(lines, "\n")
}
