// Package stub asks the process of the candidate; only the tests' process has it.
package stub

import (
	"crosstune/dynamic"
	"crosstune/evidence"
	"crosstune/values"
	"errors"
	"reflect"
	"sync"
)

var asking sync.Mutex // the candidate answers one question after another
var begun bool

const smallBytes = 1000 // results of fewer bytes, without large numbers, cannot make an argument too long or too deep
var received int        // how many bytes the process of the candidate has sent

// Call calls a function of the candidate. arguments and results are pointers to variables of the declared types.
func Call(name string, arguments []interface{}, results ...interface{}) {
	call('C', name, nil, arguments, results)
}

// ForeseeNoNaN: see values.ForeseesNoNaN.
func ForeseeNoNaN() bool {
	values.ForeseesNoNaN = true
	return true
}

// call asks one question; object returns the number of the object whose method it is for.
func call(question byte, name string, object func() int, arguments, results []interface{}) {
	if kind, text := ask(question, name, object, arguments, results); kind != "" {
		throw(kind, text)
	}
}

func ask(question byte, name string, object func() int, arguments, results []interface{}) (kind, text string) {
	asking.Lock()
	defer asking.Unlock()
	if !begun {
		begin()
	}
	m := written(question, name, object, arguments)
	exchange(m)
	defer refuse()
	return read(m, arguments, results)
}

// exchange sends a question and receives the answer.
func exchange(m *values.Message) {
	if !m.Send() {
		evidence.Fail("gone")
	}
	receive(m)
}

// refuse ends the program if an answer is malformed. Whatever it is, the candidate's process has sent it.
func refuse() {
	if recover() != nil {
		evidence.Fail("failed policy")
	}
}

func begin() {
	m := values.Question()
	receive(m)
	if m.Left() != 2 || m.Tag() != 'H' || m.Tag() != values.Version {
		evidence.Fail("failed policy")
	}
	begun = true
}

func receive(m *values.Message) {
	open, fits := m.Receive()
	if !fits {
		evidence.Fail("failed output_limit")
	}
	if !open {
		evidence.Fail("gone")
	}
	received += m.Left()
}

// unsent is the report of an argument that cannot be sent. It may hold what the candidate has returned; the
// tests have chosen the others.
func unsent(failure string) string {
	if received > smallBytes || values.HasLarge {
		return failure
	}
	return "unsupported"
}

func written(question byte, name string, object func() int, arguments []interface{}) *values.Message {
	defer func() {
		switch recover().(type) {
		case nil:
		case dynamic.TooDeep:
			evidence.Fail(unsent("failed runtime_error"))
		default:
			evidence.Fail("unsupported")
		}
	}()
	m := values.Question()
	m.PutTag(question)
	if object != nil {
		m.PutNumber(object())
	}
	m.PutText(name)
	m.PutTag('l')
	m.PutNumber(len(arguments))
	for _, each := range arguments {
		dynamic.Put(m, each)
	}
	m.PutTag('m')
	m.PutNumber(0)
	if !m.Fits() {
		evidence.Fail(unsent("failed output_limit"))
	}
	return m
}

func read(m *values.Message, arguments, results []interface{}) (kind, text string) {
	switch m.Tag() {
	case 'R':
		readResults(m, results)
	case 'E':
		kind, text = m.Text(), m.Text()
		m.Text()
		if kind == "" {
			kind = "other"
		}
	default:
		panic(values.Malformed("the answer is neither a result nor an error"))
	}
	for count := m.Number(); count > 0; count-- {
		target := arguments[m.Number()]
		changed := reflect.New(reflect.TypeOf(target).Elem()).Interface()
		dynamic.Get(m, changed)
		dynamic.Update(target, changed)
	}
	m.Text()
	m.Text()
	m.Finished()
	return
}

func readResults(m *values.Message, results []interface{}) {
	switch len(results) {
	case 0:
		m.Expect('N')
		return
	case 1:
	default:
		m.Expect('t')
		if m.Number() != len(results) {
			panic(values.Malformed("another number of results"))
		}
	}
	for _, each := range results {
		dynamic.Get(m, each)
	}
}

type runtimeError string

func (text runtimeError) Error() string { return string(text) }
func (text runtimeError) RuntimeError() {}

func throw(kind, text string) {
	switch kind {
	case "nil":
		panic(nil)
	case "runtime":
		panic(runtimeError(text))
	case "error":
		panic(errors.New(text))
	}
	panic(text)
}
