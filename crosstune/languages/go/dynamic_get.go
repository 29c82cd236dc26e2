package dynamic

import (
	"crosstune/values"
	"math"
	"reflect"
)

func fail(text string) { panic(values.Malformed(text)) }

// An other object is of a type that only the candidate has; it equals nothing, itself included.
type other struct {
	name  string
	never float64
}

func get(m *message, target reflect.Value, depth int) {
	if depth > values.MostDepth {
		fail("a value is nested too deep")
	}
	of := target.Type()
	if isRemote(of) {
		Remote.Get(m, target)
		return
	}
	if m.Next() == 'K' && of.Kind() != reflect.Interface {
		unwrap(m, of)
	}
	switch of.Kind() {
	case reflect.Bool:
		target.SetBool(values.Bool(m))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		most := int64(math.MaxInt64) >> uint(64-of.Bits())
		target.SetInt(m.Signed(-most-1, most))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		target.SetUint(m.Unsigned(uint64(math.MaxUint64) >> uint(64-of.Bits())))
	case reflect.Float32:
		target.SetFloat(float64(values.Float32(m)))
	case reflect.Float64:
		target.SetFloat(values.Float64(m))
	case reflect.Complex64:
		target.SetComplex(complex128(values.Complex64(m)))
	case reflect.Complex128:
		target.SetComplex(values.Complex128(m))
	case reflect.String:
		target.SetString(values.String(m))
	case reflect.Slice:
		getSlice(m, target, depth)
	case reflect.Array:
		getArray(m, target, depth)
	case reflect.Map:
		getMap(m, target, depth)
	case reflect.Ptr:
		getPointer(m, target, depth)
	case reflect.Struct:
		getStruct(m, target, depth)
	case reflect.Interface:
		getInterface(m, target, depth)
	default:
		fail("a value is of a type that cannot be sent")
	}
}

// unwrap reads the name of a type, where a value that was found in an interface is declared to be of that type.
func unwrap(m *message, of reflect.Type) {
	before := *m
	m.Tag()
	if m.Text() != nameOf(of, 0) || of.Kind() == reflect.String && m.Next() == 'b' {
		*m = before
	}
}

// Memory grows with what was read, whatever number of items a frame claims to have.
func getSlice(m *message, target reflect.Value, depth int) {
	of := target.Type()
	target.Set(reflect.Zero(of))
	if m.Nil() {
		return
	}
	if of.Elem().Kind() == reflect.Uint8 {
		target.SetBytes(values.Bytes(m))
		return
	}
	m.Expect('l')
	count := m.Count()
	result := reflect.MakeSlice(of, 0, least(count, 64))
	for ; count > 0; count-- {
		item := reflect.New(of.Elem()).Elem()
		get(m, item, depth+1)
		result = reflect.Append(result, item)
	}
	target.Set(result)
}

func least(one, other int) int {
	if one < other {
		return one
	}
	return other
}

func getArray(m *message, target reflect.Value, depth int) {
	m.Expect('l')
	if m.Number() != target.Len() {
		fail("an array has another length")
	}
	for at := 0; at < target.Len(); at++ {
		get(m, target.Index(at), depth+1)
	}
}

func getMap(m *message, target reflect.Value, depth int) {
	of := target.Type()
	target.Set(reflect.Zero(of))
	if m.Nil() {
		return
	}
	m.Expect('m')
	result := reflect.MakeMap(of)
	for count := m.Count(); count > 0; count-- {
		key, value := reflect.New(of.Key()).Elem(), reflect.New(of.Elem()).Elem()
		get(m, key, depth+1)
		get(m, value, depth+1)
		result.SetMapIndex(key, value)
	}
	target.Set(result)
}

func getPointer(m *message, target reflect.Value, depth int) {
	of := target.Type()
	target.Set(reflect.Zero(of))
	if m.Nil() {
		return
	}
	if isWrapped(of.Elem()) {
		m.Expect('t')
		if m.Number() != 1 {
			fail("a pointer points to one value")
		}
	}
	result := reflect.New(of.Elem())
	get(m, result.Elem(), depth+1)
	target.Set(result)
}

func getStruct(m *message, target reflect.Value, depth int) {
	of := target.Type()
	m.Expect('r')
	if m.Text() != of.Name() || m.Number() != of.NumField() {
		fail("a struct is of another type")
	}
	for at := 0; at < of.NumField(); at++ {
		if m.Text() != of.Field(at).Name {
			fail("a struct has other fields")
		}
		get(m, field(target, at), depth+1)
	}
}

func getInterface(m *message, target reflect.Value, depth int) {
	switch {
	case target.Type() == errorType:
		if err := values.Error(m); err != nil {
			target.Set(reflect.ValueOf(err))
		} else {
			target.Set(reflect.Zero(errorType))
		}
	case target.Type() == anyType:
		target.Set(reflect.Zero(anyType))
		if found := getDynamic(m, depth); found.IsValid() {
			target.Set(found)
		}
	default:
		fail("a value is of a type that cannot be sent")
	}
}

func getDynamic(m *message, depth int) reflect.Value {
	tag := m.Next()
	switch tag {
	case 'N':
		m.Tag()
		return reflect.Value{}
	case 'o':
		m.Tag()
		return reflect.ValueOf(other{m.Text(), math.NaN()})
	case 'K':
		return getNamed(m, depth)
	case 'F':
		tag = 'T'
	}
	of, ok := plain[tag]
	if !ok {
		fail("a value has no type")
	}
	result := reflect.New(of).Elem()
	get(m, result, depth)
	return result
}

func getNamed(m *message, depth int) reflect.Value {
	before := *m
	m.Tag()
	name := m.Text()
	if name == "error" {
		*m = before
		return reflect.ValueOf(values.Error(m))
	}
	if name == "string" {
		*m = before
		return reflect.ValueOf(values.String(m))
	}
	of := typeOf(name)
	if of.Size() > 1<<24 {
		fail("a value is too large")
	}
	result := reflect.New(of).Elem()
	get(m, result, depth+1)
	return result
}
