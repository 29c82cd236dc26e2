package values

// Objects that stay in this process, by their numbers, which begin with 1; 0 is a nil pointer.
var objects []interface{}
var numbers = map[interface{}]int{}

// PutObject writes the number of an object; the same pointer always has the same one.
func PutObject[T any](m *Message, object *T) {
	if object == nil {
		m.PutTag('N')
		return
	}
	number, ok := numbers[object]
	if !ok {
		objects = append(objects, object)
		number = len(objects)
		numbers[object] = number
	}
	m.PutTag('h')
	m.PutNumber(number)
}

// dropped forgets an object if that is all that is asked for, which has no answer.
func (m *Message) dropped() bool {
	if m.Next() != 'D' {
		return false
	}
	m.Tag()
	if number := m.Number(); number >= 1 && number <= len(objects) {
		delete(numbers, objects[number-1])
		objects[number-1] = nil
	}
	return true
}

// PutObjectValue writes the number of a new object with this value.
func PutObjectValue[T any](m *Message, value T) { PutObject(m, &value) }

// Object reads a pointer to an object.
func Object[T any](m *Message) *T {
	if m.Nil() {
		return nil
	}
	m.Expect('h')
	return numbered[T](m, m.Number())
}

// ObjectValue reads the value that an object has.
func ObjectValue[T any](m *Message) T {
	m.Expect('h')
	return *numbered[T](m, m.Number())
}

// Receiver returns the object whose method is asked for, or nil.
func Receiver[T any](m *Message) *T {
	if m.receiver == 0 {
		return nil
	}
	return numbered[T](m, m.receiver)
}

func numbered[T any](m *Message, number int) *T {
	if number < 1 || number > len(objects) {
		m.fail("there is no such object")
	}
	object, ok := objects[number-1].(*T)
	if !ok {
		m.fail("an object is of another type")
	}
	return object
}
