// Package dynamic exchanges values of any type: interfaces, pointers and structs among them.
package dynamic

import (
	"crosstune/values"
	"reflect"
	"unsafe"
)

type message = values.Message

var (
	errorType = reflect.TypeOf((*error)(nil)).Elem()
	anyType   = reflect.TypeOf((*interface{})(nil)).Elem()
)

// Remote exchanges objects that stay in the candidate's process, where the tests have some.
var Remote interface {
	Is(of reflect.Type) bool
	Put(m *message, value reflect.Value)
	Get(m *message, target reflect.Value)
}

func isRemote(of reflect.Type) bool { return Remote != nil && Remote.Is(of) }

// Put writes the value that target points to.
func Put(m *message, target interface{}) {
	switch target := target.(type) {
	case *[]int:
		values.PutInts(m, *target)
	case *[]float64:
		values.PutFloat64s(m, *target)
	default:
		put(m, reflect.ValueOf(target).Elem(), 1)
	}
}

// Get reads a value of the type that target points to.
func Get(m *message, target interface{}) { get(m, reflect.ValueOf(target).Elem(), 1) }

// TooDeep is what writing an argument panics with that nests too deep, or contains itself.
type TooDeep struct{}

// PutResult writes a value of the candidate; one that nests too deep equals nothing.
func PutResult(m *message, target interface{}) {
	size := m.Size()
	defer func() {
		if value := recover(); value != nil {
			if _, ok := value.(TooDeep); !ok {
				panic(value)
			}
			m.Cut(size)
			putOther(m, reflect.TypeOf(target).Elem())
		}
	}()
	Put(m, target)
}

func putOther(m *message, of reflect.Type) {
	m.PutTag('o')
	m.PutText(of.String())
}

func put(m *message, value reflect.Value, depth int) {
	if depth > values.MostDepth {
		panic(TooDeep{})
	}
	if isRemote(value.Type()) {
		Remote.Put(m, value)
		return
	}
	switch value.Kind() {
	case reflect.Bool:
		values.PutBool(m, value.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		m.PutSigned(value.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		m.PutUnsigned(value.Uint())
	case reflect.Float32, reflect.Float64:
		values.PutFloat64(m, value.Float())
	case reflect.Complex64, reflect.Complex128:
		values.PutComplex128(m, value.Complex())
	case reflect.String:
		values.PutString(m, value.String())
	case reflect.Slice, reflect.Array:
		putItems(m, value, depth)
	case reflect.Map:
		putMap(m, value, depth)
	case reflect.Ptr:
		putPointer(m, value, depth)
	case reflect.Struct:
		putStruct(m, value, depth)
	case reflect.Interface:
		putInterface(m, value, depth)
	default:
		putOther(m, value.Type())
	}
}

func isNil(m *message, value reflect.Value) bool {
	if value.IsNil() {
		m.PutTag('N')
	}
	return value.IsNil()
}

func putItems(m *message, value reflect.Value, depth int) {
	if value.Kind() == reflect.Slice {
		if isNil(m, value) {
			return
		}
		if value.Type().Elem().Kind() == reflect.Uint8 {
			values.PutBytes(m, value.Bytes())
			return
		}
	}
	m.PutTag('l')
	m.PutNumber(value.Len())
	for at := 0; at < value.Len(); at++ {
		put(m, value.Index(at), depth+1)
	}
}

func putMap(m *message, value reflect.Value, depth int) {
	if isNil(m, value) {
		return
	}
	m.PutTag('m')
	m.PutNumber(value.Len())
	for each := value.MapRange(); each.Next(); {
		put(m, each.Key(), depth+1)
		put(m, each.Value(), depth+1)
	}
}

// What a pointer points to is put into a tuple where it may be nil itself.
func isWrapped(of reflect.Type) bool {
	switch of.Kind() {
	case reflect.Slice, reflect.Map, reflect.Ptr, reflect.Interface:
		return true
	}
	return false
}

func putPointer(m *message, value reflect.Value, depth int) {
	if isNil(m, value) {
		return
	}
	if isWrapped(value.Type().Elem()) {
		m.PutTag('t')
		m.PutNumber(1)
	}
	put(m, value.Elem(), depth+1)
}

func putStruct(m *message, value reflect.Value, depth int) {
	of := value.Type()
	if !value.CanAddr() { // then its fields that are not exported could not be read
		copied := reflect.New(of).Elem()
		copied.Set(value)
		value = copied
	}
	m.PutTag('r')
	m.PutText(of.Name())
	m.PutNumber(of.NumField())
	for at := 0; at < of.NumField(); at++ {
		m.PutText(of.Field(at).Name)
		put(m, field(value, at), depth+1)
	}
}

func putInterface(m *message, value reflect.Value, depth int) {
	switch {
	case value.IsNil():
		m.PutTag('N')
	case value.Type() == errorType && value.CanInterface():
		values.PutError(m, value.Interface().(error))
	case value.NumMethod() == 0:
		putDynamic(m, value.Elem(), depth)
	default:
		putOther(m, value.Elem().Type())
	}
}

// putDynamic writes a value whose type the reader does not know: the type's name precedes it, but where the
// value tells.
func putDynamic(m *message, value reflect.Value, depth int) {
	if !value.IsValid() {
		m.PutTag('N')
		return
	}
	of := value.Type()
	switch of {
	case plain['T'], plain['i'], plain['d'], plain['s']:
		put(m, value, depth)
		return
	}
	if name := nameOf(of, 0); name != "" {
		m.PutTag('K')
		m.PutText(name)
		put(m, value, depth+1)
		return
	}
	if value.CanInterface() {
		if err, ok := value.Interface().(error); ok {
			values.PutError(m, err)
			return
		}
	}
	putOther(m, of)
}

// field returns a field that can be set, exported or not.
func field(value reflect.Value, at int) reflect.Value {
	found := value.Field(at)
	return reflect.NewAt(found.Type(), unsafe.Pointer(found.UnsafeAddr())).Elem()
}
