// Package testing is the part of Go's own package that tests of single functions use, with the same rules but
// without its dependencies: linking takes a third of the time. Programs that use more of it get Go's own.
package testing

import (
	"crosstune/evidence"
	"runtime"
	"strings"
	"sync"
	"syscall"
)

// Set only in programs that format text.
var Format func(format string, args ...interface{}) string
var Words func(args ...interface{}) string

type T struct {
	name     string
	parent   *T
	mutex    sync.Mutex
	failed   bool
	skipped  bool
	finished bool
	parallel bool
	logs     []string
	cleanups []func()
	returned chan bool      // the function has returned, or continues as a parallel test
	released chan bool      // the parent's function has returned
	waiting  sync.WaitGroup // parallel children
}

// Judge runs one test and returns whether it passed.
func Judge(test func(t *T)) bool {
	root := newT("tests", nil)
	root.begin(test)
	<-root.returned
	return !root.Failed()
}

func newT(name string, parent *T) *T {
	return &T{name: name, parent: parent, returned: make(chan bool, 2), released: make(chan bool)}
}

func (t *T) begin(test func(t *T)) {
	go func() {
		defer t.end()
		test(t)
		t.finished = true
	}()
}

func (t *T) end() {
	if value := recover(); value != nil {
		panic(value)
	}
	ended := t.finished || t.parentFinished()
	if !ended {
		panic("test executed panic(nil) or runtime.Goexit")
	}
	defer t.leave(t.finished) // also if a cleanup ends this goroutine
	close(t.released)
	t.waiting.Wait()
	for len(t.cleanups) > 0 {
		last := t.cleanups[len(t.cleanups)-1]
		t.cleanups = t.cleanups[:len(t.cleanups)-1]
		last()
	}
}

// A subtest that calls FailNow of its parent ends both.
func (t *T) parentFinished() bool {
	for above := t.parent; above != nil; above = above.parent {
		if above.finished {
			t.Fail()
			return true
		}
	}
	return false
}

func (t *T) leave(regular bool) {
	if t.Failed() {
		text := "--- FAIL: " + t.name + "\n    " + strings.Join(t.logs, "\n    ") + "\n"
		syscall.Write(1, []byte(text))
	}
	if t.parallel {
		t.parent.waiting.Done()
	}
	t.returned <- regular
}

func (t *T) Run(name string, test func(t *T)) bool {
	child := newT(t.name+"/"+name, t)
	child.begin(test)
	if !<-child.returned {
		runtime.Goexit()
	}
	return !child.Failed()
}

func (t *T) Parallel() {
	if t.parallel {
		panic("testing: t.Parallel called multiple times")
	}
	t.parallel = true
	t.parent.waiting.Add(1)
	t.returned <- true
	<-t.parent.released
}

func (t *T) Fail() {
	evidence.LeaveFork()
	if t.parent != nil {
		t.parent.Fail()
	}
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.failed = true
}

func (t *T) Failed() bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.failed
}

func (t *T) Skipped() bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return t.skipped
}

func (t *T) FailNow() {
	t.Fail()
	t.finished = true
	runtime.Goexit()
}

func (t *T) SkipNow() {
	t.mutex.Lock()
	t.skipped = true
	t.mutex.Unlock()
	t.finished = true
	runtime.Goexit()
}

func (t *T) log(text string) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.logs = append(t.logs, text)
}

func (t *T) words(args []interface{}) string {
	if Words == nil {
		return ""
	}
	return Words(args...)
}

func (t *T) format(format string, args []interface{}) string {
	if Format == nil || len(args) == 0 {
		return format
	}
	return Format(format, args...)
}

func (t *T) Name() string            { return strings.TrimPrefix(t.name, "tests/") }
func (t *T) Helper()                 {}
func (t *T) Cleanup(function func()) { t.cleanups = append(t.cleanups, function) }

func (t *T) Log(args ...interface{})   { t.log(t.words(args)) }
func (t *T) Error(args ...interface{}) { t.log(t.words(args)); t.Fail() }
func (t *T) Fatal(args ...interface{}) { t.log(t.words(args)); t.FailNow() }
func (t *T) Skip(args ...interface{})  { t.log(t.words(args)); t.SkipNow() }

func (t *T) Logf(format string, args ...interface{})   { t.log(t.format(format, args)) }
func (t *T) Errorf(format string, args ...interface{}) { t.log(t.format(format, args)); t.Fail() }
func (t *T) Fatalf(format string, args ...interface{}) { t.log(t.format(format, args)); t.FailNow() }
func (t *T) Skipf(format string, args ...interface{})  { t.log(t.format(format, args)); t.SkipNow() }
