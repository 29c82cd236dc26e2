// Package assert has the assertions that tests in Go use most, with testify's names and rules: a failed
// assertion is reported to the test, which continues.
package assert

import (
	"bytes"
	"math"
	"reflect"
	"strconv"
)

type TestingT interface {
	Errorf(format string, args ...interface{})
}

type Assertions struct{ t TestingT }

func New(t TestingT) *Assertions { return &Assertions{t} }

// The message is only built when needed, and without package fmt, which takes long to link.
func judge(t TestingT, right bool, text string, values ...interface{}) bool {
	if !right {
		for _, value := range values {
			text += " " + shown(reflect.ValueOf(value), 0)
		}
		t.Errorf(text)
	}
	return right
}

func shown(value reflect.Value, depth int) string {
	switch {
	case !value.IsValid():
		return "nil"
	case value.CanInt():
		return strconv.FormatInt(value.Int(), 10)
	case value.CanUint():
		return strconv.FormatUint(value.Uint(), 10)
	case value.CanFloat():
		return strconv.FormatFloat(value.Float(), 'g', -1, 64)
	}
	switch value.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(value.Bool())
	case reflect.String:
		return strconv.Quote(value.String())
	case reflect.Slice, reflect.Array:
		return list(value, depth)
	case reflect.Interface, reflect.Ptr:
		if !value.IsNil() && depth < 4 {
			return shown(value.Elem(), depth+1)
		}
	}
	return "(" + value.Type().String() + ")"
}

func list(value reflect.Value, depth int) string {
	text := value.Type().String() + "{"
	for at := 0; at < value.Len() && at < 100 && depth < 4; at++ {
		if at > 0 {
			text += ", "
		}
		text += shown(value.Index(at), depth+1)
	}
	return text + "}"
}

// Byte slices are compared by content, everything else by reflect; functions are never equal.
func same(expected, actual interface{}) bool {
	for _, value := range []interface{}{expected, actual} {
		if value != nil && reflect.TypeOf(value).Kind() == reflect.Func {
			return false
		}
	}
	left, ok := expected.([]byte)
	right, both := actual.([]byte)
	if !ok || !both || left == nil || right == nil {
		return reflect.DeepEqual(expected, actual)
	}
	return bytes.Equal(left, right)
}

func empty(value interface{}) bool {
	if value == nil {
		return true
	}
	switch reflect.TypeOf(value).Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Ptr, reflect.Slice:
		return reflect.ValueOf(value).IsNil()
	}
	return false
}

func number(value interface{}) float64 {
	found := reflect.ValueOf(value)
	switch {
	case found.CanInt():
		return float64(found.Int())
	case found.CanUint():
		return float64(found.Uint())
	case found.CanFloat():
		return found.Float()
	}
	return math.NaN()
}

func Equal(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, same(expected, actual), "not equal, expected and actual:", expected, actual)
}

func NotEqual(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, !same(expected, actual), "should not be", actual)
}

func True(t TestingT, value bool, _ ...interface{}) bool {
	return judge(t, value, "should be true")
}

func False(t TestingT, value bool, _ ...interface{}) bool {
	return judge(t, !value, "should be false")
}

func Nil(t TestingT, value interface{}, _ ...interface{}) bool {
	return judge(t, empty(value), "should be nil:", value)
}

func NotNil(t TestingT, value interface{}, _ ...interface{}) bool {
	return judge(t, !empty(value), "should not be nil")
}

func Error(t TestingT, err error, _ ...interface{}) bool {
	return judge(t, err != nil, "should be an error")
}

func NoError(t TestingT, err error, _ ...interface{}) bool {
	return judge(t, err == nil, "should be no error:", message(err))
}

func message(err error) interface{} {
	if err == nil {
		return nil
	}
	return err.Error()
}

func Len(t TestingT, value interface{}, length int, _ ...interface{}) bool {
	return judge(t, reflect.ValueOf(value).Len() == length, "should have this length:", length, value)
}

func InDelta(t TestingT, expected, actual interface{}, delta float64, _ ...interface{}) bool {
	off := math.Abs(number(expected) - number(actual))
	return judge(t, off <= delta, "differ by more than the last value:", expected, actual, delta)
}

func (a *Assertions) Equal(expected, actual interface{}, _ ...interface{}) bool {
	return Equal(a.t, expected, actual)
}

func (a *Assertions) NotEqual(expected, actual interface{}, _ ...interface{}) bool {
	return NotEqual(a.t, expected, actual)
}

func (a *Assertions) True(value bool, _ ...interface{}) bool       { return True(a.t, value) }
func (a *Assertions) False(value bool, _ ...interface{}) bool      { return False(a.t, value) }
func (a *Assertions) Nil(value interface{}, _ ...interface{}) bool { return Nil(a.t, value) }
func (a *Assertions) Error(err error, _ ...interface{}) bool       { return Error(a.t, err) }
func (a *Assertions) NoError(err error, _ ...interface{}) bool     { return NoError(a.t, err) }

func (a *Assertions) NotNil(value interface{}, _ ...interface{}) bool { return NotNil(a.t, value) }

func (a *Assertions) Len(value interface{}, length int, _ ...interface{}) bool {
	return Len(a.t, value, length)
}

func (a *Assertions) InDelta(expected, actual interface{}, delta float64, _ ...interface{}) bool {
	return InDelta(a.t, expected, actual, delta)
}
