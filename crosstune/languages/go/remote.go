package stub

import (
	"crosstune/dynamic"
	"crosstune/evidence"
	"crosstune/values"
	"reflect"
	"unsafe"
)

// An Object is the only field of what stands for an object of the candidate's process: its number there. The
// zero value becomes an object when it is first used. Two of them cannot be compared.
type Object struct {
	number int
	_      [0]func()
}

type known struct {
	of     reflect.Type
	number int
}

var classes = map[reflect.Type]string{}
var pointers = map[known]reflect.Value{} // the same object has the same pointer

// Stays makes a type known whose objects stay in the candidate's process; nothing is a nil pointer to it.
func Stays(name string, nothing interface{}) bool {
	classes[reflect.TypeOf(nothing).Elem()] = name
	dynamic.Remote = remote{}
	return true
}

// Method calls a method of the object that target points to.
func Method(target interface{}, name string, arguments []interface{}, results ...interface{}) {
	call('M', name, func() int { return numberAt(reflect.ValueOf(target)) }, arguments, results)
}

// ValueMethod calls a method of a value, a copy of which target points to.
func ValueMethod(target interface{}, name string, arguments []interface{}, results ...interface{}) {
	call('M', name, func() int { return number(reflect.ValueOf(target)) }, arguments, results)
}

func object(pointer reflect.Value) *Object { return (*Object)(unsafe.Pointer(pointer.Pointer())) }

// number returns that of the object that a pointer points to; 0 for nil.
func number(pointer reflect.Value) int {
	if pointer.IsNil() {
		return 0
	}
	found := object(pointer)
	if found.number == 0 {
		found.number = made(classes[pointer.Type().Elem()])
	}
	return found.number
}

// numberAt returns the same, and remembers the pointer: another one with this number points to a copy, which
// has no object of its own.
func numberAt(pointer reflect.Value) int {
	found := number(pointer)
	if found == 0 {
		return 0
	}
	key := known{pointer.Type().Elem(), found}
	first, ok := pointers[key]
	if !ok {
		pointers[key] = pointer
	} else if first.Pointer() != pointer.Pointer() {
		evidence.Fail("unsupported")
	}
	return found
}

// made asks for a new object.
func made(class string) int {
	m := written('N', class, nil, nil)
	exchange(m)
	defer refuse()
	m.Expect('R')
	m.Expect('h')
	found := m.Number()
	if found == 0 || m.Number() != 0 || m.Text()+m.Text() != "" {
		panic(values.Malformed("the answer is no new object"))
	}
	m.Finished()
	return found
}

type remote struct{}

func (remote) Is(of reflect.Type) bool {
	if of.Kind() == reflect.Ptr {
		of = of.Elem()
	}
	return classes[of] != ""
}

func (remote) Put(m *values.Message, value reflect.Value) {
	if value.Kind() == reflect.Ptr {
		if value.IsNil() {
			m.PutTag('N')
			return
		}
		found := numberAt(value)
		m.PutTag('h')
		m.PutNumber(found)
		return
	}
	copied := reflect.New(value.Type())
	copied.Elem().Set(value)
	found := number(copied)
	m.PutTag('h')
	m.PutNumber(found)
}

func (remote) Get(m *values.Message, target reflect.Value) {
	of := target.Type()
	if of.Kind() != reflect.Ptr {
		m.Expect('h')
		object(target.Addr()).number = numbered(m)
		return
	}
	target.Set(reflect.Zero(of))
	if m.Nil() {
		return
	}
	m.Expect('h')
	key := known{of.Elem(), numbered(m)}
	if _, ok := pointers[key]; !ok {
		pointer := reflect.New(of.Elem())
		object(pointer).number = key.number
		pointers[key] = pointer
	}
	target.Set(pointers[key])
}

func numbered(m *values.Message) int {
	found := m.Number()
	if found == 0 {
		panic(values.Malformed("an object has no number"))
	}
	return found
}
