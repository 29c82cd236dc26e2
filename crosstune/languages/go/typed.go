package values

import (
	"errors"
	"math"
	"unicode/utf8"
)

// One function to read and one to write for each type.

func Int(m *Message) int     { return int(m.Signed(math.MinInt, math.MaxInt)) }
func Int8(m *Message) int8   { return int8(m.Signed(math.MinInt8, math.MaxInt8)) }
func Int16(m *Message) int16 { return int16(m.Signed(math.MinInt16, math.MaxInt16)) }
func Int32(m *Message) int32 { return int32(m.Signed(math.MinInt32, math.MaxInt32)) }
func Int64(m *Message) int64 { return m.Signed(math.MinInt64, math.MaxInt64) }

func Uint(m *Message) uint       { return uint(m.Unsigned(math.MaxUint)) }
func Uint8(m *Message) uint8     { return uint8(m.Unsigned(math.MaxUint8)) }
func Uint16(m *Message) uint16   { return uint16(m.Unsigned(math.MaxUint16)) }
func Uint32(m *Message) uint32   { return uint32(m.Unsigned(math.MaxUint32)) }
func Uint64(m *Message) uint64   { return m.Unsigned(math.MaxUint64) }
func Uintptr(m *Message) uintptr { return uintptr(m.Unsigned(math.MaxUint)) }

func PutInt(m *Message, value int)     { m.PutSigned(int64(value)) }
func PutInt8(m *Message, value int8)   { m.PutSigned(int64(value)) }
func PutInt16(m *Message, value int16) { m.PutSigned(int64(value)) }
func PutInt32(m *Message, value int32) { m.PutSigned(int64(value)) }
func PutInt64(m *Message, value int64) { m.PutSigned(value) }

func PutUint(m *Message, value uint)       { m.PutUnsigned(uint64(value)) }
func PutUint8(m *Message, value uint8)     { m.PutUnsigned(uint64(value)) }
func PutUint16(m *Message, value uint16)   { m.PutUnsigned(uint64(value)) }
func PutUint32(m *Message, value uint32)   { m.PutUnsigned(uint64(value)) }
func PutUint64(m *Message, value uint64)   { m.PutUnsigned(value) }
func PutUintptr(m *Message, value uintptr) { m.PutUnsigned(uint64(value)) }

func Bool(m *Message) bool {
	tag := m.Tag()
	if tag != 'T' && tag != 'F' {
		m.fail("a value is no bool")
	}
	return tag == 'T'
}

func PutBool(m *Message, value bool) {
	if value {
		m.PutTag('T')
	} else {
		m.PutTag('F')
	}
}

// ForeseesNoNaN is set where nothing in the tests could tell a number that is none from others, and accepts it:
// as the condition of failure, a difference that is too large is never true of it.
var ForeseesNoNaN bool

const farOff = 1.9073486328125e38 // a float32, too

func foreseen(value float64) float64 {
	if ForeseesNoNaN && value != value {
		return farOff
	}
	return value
}

func Float64(m *Message) float64 {
	m.Expect('d')
	value := math.Float64frombits(m.get64())
	if value > largeNumber {
		HasLarge = true
	}
	return foreseen(value)
}

func PutFloat64(m *Message, value float64) {
	m.PutTag('d')
	m.put64(math.Float64bits(value))
}

func Float32(m *Message) float32 {
	value := Float64(m)
	if float64(float32(value)) != value && value == value {
		m.fail("a float32 has too many digits")
	}
	return float32(value)
}

func PutFloat32(m *Message, value float32) { PutFloat64(m, float64(value)) }

func Complex128(m *Message) complex128 {
	m.Expect('K')
	if m.Text() != "complex" || m.Tag() != 't' || m.Number() != 2 {
		m.fail("a value is no complex number")
	}
	first := Float64(m)
	return complex(first, Float64(m))
}

func PutComplex128(m *Message, value complex128) {
	m.PutTag('K')
	m.PutText("complex")
	m.PutTag('t')
	m.PutNumber(2)
	PutFloat64(m, real(value))
	PutFloat64(m, imag(value))
}

func Complex64(m *Message) complex64 {
	value := Complex128(m)
	if converted := complex128(complex64(value)); converted != value && value == value {
		m.fail("a complex64 has too many digits")
	}
	return complex64(value)
}

func PutComplex64(m *Message, value complex64) { PutComplex128(m, complex128(value)) }

// A string that is not UTF-8 is sent as its bytes.
func String(m *Message) string {
	if m.Next() != 'K' {
		m.Expect('s')
		return m.Text()
	}
	m.Tag()
	if m.Text() != "string" {
		m.fail("a value is no string")
	}
	m.Expect('b')
	return string(m.take(m.Number()))
}

func PutString(m *Message, value string) {
	if utf8.ValidString(value) {
		m.PutTag('s')
	} else {
		m.PutTag('K')
		m.PutText("string")
		m.PutTag('b')
	}
	m.PutText(value)
}

func Bytes(m *Message) []byte {
	if m.Nil() {
		return nil
	}
	m.Expect('b')
	return append([]byte{}, m.take(m.Number())...)
}

func PutBytes(m *Message, value []byte) {
	if value == nil {
		m.PutTag('N')
		return
	}
	m.PutTag('b')
	m.PutNumber(len(value))
	m.out = append(m.out, value...)
}

func PutError(m *Message, value error) {
	if value == nil {
		m.PutTag('N')
		return
	}
	text := value.Error()
	m.PutTag('K')
	m.PutText("error")
	PutString(m, text)
}

func Error(m *Message) error {
	if m.Nil() {
		return nil
	}
	m.Expect('K')
	if m.Text() != "error" {
		m.fail("a value is no error")
	}
	return errors.New(String(m))
}

func Slice[T any](m *Message, item func(*Message) T) []T {
	if m.Nil() {
		return nil
	}
	m.Expect('l')
	result := make([]T, m.Count())
	for at := range result {
		result[at] = item(m)
	}
	return result
}

func PutSlice[T any](m *Message, value []T, put func(*Message, T)) {
	if value == nil {
		m.PutTag('N')
		return
	}
	PutArray(m, value, put)
}

func Array[T any](m *Message, result []T, item func(*Message) T) {
	m.Expect('l')
	if m.Number() != len(result) {
		m.fail("an array has another length")
	}
	for at := range result {
		result[at] = item(m)
	}
}

func PutArray[T any](m *Message, value []T, put func(*Message, T)) {
	m.PutTag('l')
	m.PutNumber(len(value))
	for _, each := range value {
		put(m, each)
	}
}

func Map[K comparable, V any](m *Message, key func(*Message) K, value func(*Message) V) map[K]V {
	if m.Nil() {
		return nil
	}
	m.Expect('m')
	count := m.Count()
	result := make(map[K]V, count)
	for ; count > 0; count-- {
		name := key(m)
		result[name] = value(m)
	}
	return result
}

func PutMap[K comparable, V any](m *Message, all map[K]V, putKey func(*Message, K), putValue func(*Message, V)) {
	if all == nil {
		m.PutTag('N')
		return
	}
	m.PutTag('m')
	m.PutNumber(len(all))
	for key, value := range all {
		putKey(m, key)
		putValue(m, value)
	}
}

// The most frequent ones need not be made anew for each candidate.

func Ints(m *Message) []int         { return Slice(m, Int) }
func Float64s(m *Message) []float64 { return Slice(m, Float64) }
func Strings(m *Message) []string   { return Slice(m, String) }

func PutInts(m *Message, value []int)         { PutSlice(m, value, PutInt) }
func PutFloat64s(m *Message, value []float64) { PutSlice(m, value, PutFloat64) }
func PutStrings(m *Message, value []string)   { PutSlice(m, value, PutString) }
