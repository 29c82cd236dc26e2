// Package values exchanges values with another process: the format is described in docs/values.md. It depends on
// almost nothing, so that a candidate's program stays cheap to link; package dynamic has what needs reflect.
package values

import (
	"math"
	"syscall"
	"unicode/utf8"
)

const (
	Version   = 1
	MostDepth = 200
	mostBytes = 16 << 20
	header    = 4
)

// Malformed is what reading panics with.
type Malformed string

func (text Malformed) Error() string { return string(text) }

// A Message is read from a frame, or written to one, or both: a question and its answer.
type Message struct {
	in       []byte
	at       int
	out      []byte
	argument int // where the current argument begins
	position int
	kept     []keptArgument
	receiver int // the number of the object whose method is asked for
}

// An argument that a call may change: as it was received, and how it is sent.
type keptArgument struct {
	position int
	received []byte
	put      func()
}

func (m *Message) fail(text string) { panic(Malformed(text)) }

func (m *Message) Left() int { return len(m.in) - m.at }

func (m *Message) take(length int) []byte {
	if length < 0 || length > m.Left() {
		m.fail("the frame is too short")
	}
	m.at += length
	return m.in[m.at-length : m.at]
}

func (m *Message) Tag() byte { return m.take(1)[0] }

// Next returns the next tag without reading it.
func (m *Message) Next() byte {
	tag := m.Tag()
	m.at--
	return tag
}

func (m *Message) Number() int {
	data := m.take(4)
	return int(data[0])<<24 | int(data[1])<<16 | int(data[2])<<8 | int(data[3])
}

func (m *Message) Text() string {
	text := string(m.take(m.Number()))
	if !utf8.ValidString(text) {
		m.fail("a text is not UTF-8")
	}
	return text
}

// Count reads the number of items that follow, each of at least one byte.
func (m *Message) Count() int {
	count := m.Number()
	if count > m.Left() {
		m.fail("the frame is too short for its items")
	}
	return count
}

func (m *Message) Expect(tag byte) {
	if m.Tag() != tag {
		m.fail("a value is of another type")
	}
}

// Nil reads a nil, if there is one.
func (m *Message) Nil() bool {
	if m.Next() != 'N' {
		return false
	}
	m.at++
	return true
}

func (m *Message) Finished() {
	if m.Left() != 0 {
		m.fail("the frame is too long")
	}
}

func (m *Message) PutTag(tag byte) { m.out = append(m.out, tag) }

func (m *Message) PutNumber(number int) {
	m.out = append(m.out, byte(number>>24), byte(number>>16), byte(number>>8), byte(number))
}

func (m *Message) PutText(text string) {
	m.PutNumber(len(text))
	m.out = append(m.out, text...)
}

func (m *Message) put64(bits uint64) {
	for shift := 56; shift >= 0; shift -= 8 {
		m.out = append(m.out, byte(bits>>uint(shift)))
	}
}

func (m *Message) get64() (bits uint64) {
	for _, each := range m.take(8) {
		bits = bits<<8 | uint64(each)
	}
	return
}

// Size returns how much is written; Cut undoes what was written since.
func (m *Message) Size() int    { return len(m.out) }
func (m *Message) Cut(size int) { m.out = m.out[:size] }

func (m *Message) begin() {
	m.out = append(m.out[:0], 0, 0, 0, 0)
}

// Question begins a message to ask with.
func Question() *Message {
	m := &Message{}
	m.begin()
	return m
}

// Fits tells whether what is written is short enough for a frame.
func (m *Message) Fits() bool { return len(m.out)-header <= mostBytes }

// Send writes a frame and tells whether the other process has read it.
func (m *Message) Send() bool {
	length := len(m.out) - header
	for at := 0; at < header; at++ {
		m.out[at] = byte(length >> uint(8*(header-1-at)))
	}
	for data := m.out; len(data) > 0; {
		written, err := syscall.Write(6, data)
		if err == syscall.EINTR || err == syscall.EAGAIN {
			continue
		}
		if err != nil {
			return false
		}
		data = data[written:]
	}
	return true
}

// Receive waits for a frame. open: the other process has not ended; fits: the frame was not too long.
func (m *Message) Receive() (open, fits bool) {
	var length [header]byte
	if !fill(length[:]) {
		return false, true
	}
	m.in, m.at = length[:], 0
	count := m.Number()
	if count > mostBytes {
		return true, false
	}
	m.in, m.at = make([]byte, count), 0
	return fill(m.in), true
}

func fill(data []byte) bool {
	for len(data) > 0 {
		read, err := syscall.Read(5, data)
		if err == syscall.EINTR || err == syscall.EAGAIN {
			continue
		}
		if err != nil || read <= 0 {
			return false
		}
		data = data[read:]
	}
	return true
}

func (m *Message) Signed(least, most int64) int64 {
	m.Expect('i')
	number := int64(m.get64())
	if number < least || number > most {
		m.fail("an integer is out of range")
	}
	if number > largeNumber {
		HasLarge = true
	}
	return number
}

// HasLarge: a number was read of which something too long could be made.
var HasLarge bool

const largeNumber = 10000

func (m *Message) Unsigned(most uint64) uint64 {
	if m.Next() == 'i' {
		number := m.Signed(0, math.MaxInt64)
		if uint64(number) > most {
			m.fail("an integer is out of range")
		}
		return uint64(number)
	}
	m.Expect('I')
	if m.Number() != 9 || m.Tag() != 0 {
		m.fail("an integer is out of range")
	}
	number := m.get64()
	HasLarge = true
	if number < 1<<63 || number > most {
		m.fail("an integer is out of range")
	}
	return number
}

func (m *Message) PutSigned(number int64) {
	m.PutTag('i')
	m.put64(uint64(number))
}

func (m *Message) PutUnsigned(number uint64) {
	if number <= math.MaxInt64 {
		m.PutSigned(int64(number))
		return
	}
	m.PutTag('I')
	m.PutNumber(9)
	m.PutTag(0)
	m.put64(number)
}
