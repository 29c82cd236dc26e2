package dynamic

import (
	"reflect"
	"strconv"
	"strings"
)

const mostLetters, mostNested = 500, 20

// The types that the tag of a value in an interface tells.
var plain = map[byte]reflect.Type{
	'T': reflect.TypeOf(false),
	'i': reflect.TypeOf(0),
	'd': reflect.TypeOf(0.0),
	's': reflect.TypeOf(""),
}

var named = map[string]reflect.Type{"interface {}": anyType, "error": errorType}
var names = map[reflect.Type]string{anyType: "interface {}", errorType: "error"}

func init() {
	for _, each := range []interface{}{
		false, 0, int8(0), int16(0), int32(0), int64(0), uint(0), uint8(0), uint16(0), uint32(0), uint64(0),
		uintptr(0), float32(0), 0.0, complex64(0), complex128(0), "", struct{}{},
	} {
		Register(reflect.TypeOf(each).String(), each)
	}
}

// Register makes a type known that the benchmark declares; value is of that type.
func Register(name string, value interface{}) {
	named[name], names[reflect.TypeOf(value)] = reflect.TypeOf(value), name
}

// nameOf returns the name of a type that both processes know; empty if it has none.
func nameOf(of reflect.Type, nested int) string {
	if name, ok := names[of]; ok || of.Name() != "" || nested > mostNested {
		return name
	}
	prefix := ""
	switch of.Kind() {
	case reflect.Slice:
		prefix = "[]"
	case reflect.Ptr:
		prefix = "*"
	case reflect.Array:
		prefix = "[" + strconv.Itoa(of.Len()) + "]"
	case reflect.Map:
		if prefix = nameOf(of.Key(), nested+1); prefix == "" {
			return ""
		}
		prefix = "map[" + prefix + "]"
	default:
		return ""
	}
	if item := nameOf(of.Elem(), nested+1); item != "" {
		return prefix + item
	}
	return ""
}

func typeOf(name string) reflect.Type {
	if len(name) > mostLetters {
		fail("the name of a type is too long")
	}
	of, rest := parsed(name, 0)
	if rest != "" {
		fail("the name of a type is malformed")
	}
	return of
}

// parsed returns the type that a text begins with, and the rest of the text.
func parsed(text string, nested int) (reflect.Type, string) {
	switch {
	case nested > mostNested:
		fail("the name of a type is malformed")
	case strings.HasPrefix(text, "*"):
		of, rest := parsed(text[1:], nested+1)
		return reflect.PtrTo(of), rest
	case strings.HasPrefix(text, "map["):
		key, rest := parsed(text[len("map["):], nested+1)
		if !strings.HasPrefix(rest, "]") || !key.Comparable() {
			fail("the name of a type is malformed")
		}
		of, rest := parsed(rest[1:], nested+1)
		return reflect.MapOf(key, of), rest
	case strings.HasPrefix(text, "["):
		return list(text, nested)
	}
	end := strings.IndexAny(text, "]")
	if end < 0 {
		end = len(text)
	}
	of, ok := named[text[:end]]
	if !ok {
		fail("a type is not known")
	}
	return of, text[end:]
}

func list(text string, nested int) (reflect.Type, string) {
	end := strings.IndexByte(text, ']')
	if end < 0 {
		fail("the name of a type is malformed")
	}
	of, rest := parsed(text[end+1:], nested+1)
	if end == 1 {
		return reflect.SliceOf(of), rest
	}
	length, err := strconv.Atoi(text[1:end])
	if err != nil || length < 0 || length > 1<<20 || uintptr(length)*of.Size() > 1<<24 {
		fail("the length of an array is too large")
	}
	return reflect.ArrayOf(length, of), rest
}
