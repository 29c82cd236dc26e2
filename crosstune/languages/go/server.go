package values

import (
	"runtime"
	"syscall"
	"unicode/utf8"
)

// Serve answers the questions of the process that runs the tests until that ends. answer reads the arguments
// of the function with this name, calls it, and writes its result.
func Serve(answer func(name string, m *Message)) {
	m := Question()
	m.PutTag('H')
	m.PutTag(Version)
	for m.Send() {
		open, fits := m.Receive()
		for open && fits && m.dropped() {
			open, fits = m.Receive()
		}
		if !open || !fits {
			break
		}
		m.begin()
		m.kept, m.position = m.kept[:0], -1
		name := m.asked()
		m.Expect('l')
		m.Number()
		m.respond(name, answer)
	}
	syscall.Exit(0)
}

// asked reads what a question asks for, and the object whose method it is.
func (m *Message) asked() string {
	switch m.Tag() {
	case 'C':
	case 'N':
		return "new " + m.Text()
	case 'M':
		m.receiver = m.Number()
	default:
		m.fail("a question is of another kind")
	}
	return m.Text()
}

// A call that ends its goroutine never returns: then the program ends as it does without tests.
func (m *Message) respond(name string, answer func(name string, m *Message)) {
	if !m.called(name, answer) {
		return
	}
	m.putChanged()
	m.PutText("")
	m.PutText("")
}

func (m *Message) called(name string, answer func(name string, m *Message)) (ok bool) {
	returned := false
	defer func() {
		if !returned {
			m.putPanic(recover())
			ok = true
		}
	}()
	answer(name, m)
	returned = true
	return true
}

// Argument begins the next argument.
func (m *Message) Argument() {
	m.position++
	m.argument = m.at
}

// Keep remembers the argument just read, which the call may change; put writes it.
func (m *Message) Keep(put func()) {
	m.kept = append(m.kept, keptArgument{m.position, m.in[m.argument:m.at], put})
}

// Result begins the answer, which has this many results.
func (m *Message) Result(count int) {
	m.PutTag('R')
	switch count {
	case 0:
		m.PutTag('N')
	case 1:
	default:
		m.PutTag('t')
		m.PutNumber(count)
	}
}

func (m *Message) putChanged() {
	at, count := len(m.out), 0
	m.PutNumber(0)
	for _, each := range m.kept {
		begin := len(m.out)
		m.PutNumber(each.position)
		value := len(m.out)
		each.put()
		if string(m.out[value:]) == string(each.received) {
			m.out = m.out[:begin]
		} else {
			count++
		}
	}
	m.out[at+3] = byte(count) // a function has at most 255 arguments
}

func (m *Message) putPanic(value interface{}) {
	m.begin()
	m.PutTag('E')
	kind, text := panicOf(value)
	m.PutText(kind)
	if !utf8.ValidString(text) {
		text = string([]rune(text))
	}
	m.PutText(text)
	m.PutText("")
}

func panicOf(value interface{}) (kind, text string) {
	kind = "other"
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	switch value := value.(type) {
	case nil:
		return "nil", ""
	case runtime.Error:
		return "runtime", value.Error()
	case error:
		return "error", value.Error()
	case string:
		return "string", value
	case interface{ String() string }:
		return kind, value.String()
	}
	return kind, "a value that is no text"
}
