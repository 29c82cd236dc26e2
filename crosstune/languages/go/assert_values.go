package assert

import (
	"bytes"
	"math"
	"reflect"
	"strconv"
	"strings"
)

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

func isFunction(value interface{}) bool {
	return value != nil && reflect.TypeOf(value).Kind() == reflect.Func
}

// Byte slices are compared by content, everything else by reflect.
func ObjectsAreEqual(expected, actual interface{}) bool {
	left, ok := expected.([]byte)
	right, both := actual.([]byte)
	if !ok || !both || left == nil || right == nil {
		return reflect.DeepEqual(expected, actual)
	}
	return bytes.Equal(left, right)
}

// As ObjectsAreEqual, or equal once the expected value has the other one's type.
func ObjectsAreEqualValues(expected, actual interface{}) bool {
	if ObjectsAreEqual(expected, actual) {
		return true
	}
	if expected == nil || actual == nil {
		return false
	}
	left, right := reflect.ValueOf(expected), reflect.ValueOf(actual)
	if !left.Type().ConvertibleTo(right.Type()) {
		return false
	}
	if !isNumber(left) || !isNumber(right) {
		return reflect.DeepEqual(left.Convert(right.Type()).Interface(), actual)
	}
	// The smaller type is converted, so that nothing is lost.
	if left.Type().Size() >= right.Type().Size() {
		return right.Convert(left.Type()).Interface() == expected
	}
	return left.Convert(right.Type()).Interface() == actual
}

func isNumber(value reflect.Value) bool {
	return value.Kind() >= reflect.Int && value.Kind() <= reflect.Complex128
}

func isNil(value interface{}) bool {
	if value == nil {
		return true
	}
	switch reflect.TypeOf(value).Kind() {
	case reflect.Chan, reflect.Func, reflect.Interface, reflect.Map, reflect.Ptr, reflect.Slice, reflect.UnsafePointer:
		return reflect.ValueOf(value).IsNil()
	}
	return false
}

func isEmpty(value interface{}) bool {
	if value == nil {
		return true
	}
	found := reflect.ValueOf(value)
	switch found.Kind() {
	case reflect.Chan, reflect.Map, reflect.Slice:
		return found.Len() == 0
	case reflect.Ptr:
		return found.IsNil() || isEmpty(found.Elem().Interface())
	}
	return isZero(value)
}

func isZero(value interface{}) bool {
	return value == nil || reflect.DeepEqual(value, reflect.Zero(reflect.TypeOf(value)).Interface())
}

func number(value interface{}) (float64, bool) {
	found := reflect.ValueOf(value)
	switch {
	case found.CanInt():
		return float64(found.Int()), true
	case found.CanUint():
		return float64(found.Uint()), true
	case found.CanFloat():
		return found.Float(), true
	}
	return 0, false
}

// Whether two numbers differ by at most delta; as in testify, infinities of one sign do.
func isNear(expected, actual interface{}, delta float64) bool {
	left, ok := number(expected)
	right, both := number(actual)
	if !ok || !both {
		return false
	}
	if math.IsNaN(left) || math.IsNaN(right) {
		return math.IsNaN(left) && math.IsNaN(right)
	}
	return !(left-right < -delta || left-right > delta)
}

func isRelativelyNear(expected, actual interface{}, epsilon float64) bool {
	left, ok := number(expected)
	right, both := number(actual)
	if !ok || !both || math.IsNaN(epsilon) {
		return false
	}
	if math.IsNaN(left) && math.IsNaN(right) {
		return true
	}
	return left != 0 && math.Abs(left-right)/math.Abs(left) <= epsilon
}

// The order of two values of one type: -1, 0 or 1; false if they have none.
func order(first, second interface{}) (int, bool) {
	if first == nil || second == nil || reflect.TypeOf(first) != reflect.TypeOf(second) {
		return 0, false
	}
	left, right := reflect.ValueOf(first), reflect.ValueOf(second)
	switch {
	case left.CanInt():
		return sign(left.Int() < right.Int(), left.Int() > right.Int()), true
	case left.CanUint():
		return sign(left.Uint() < right.Uint(), left.Uint() > right.Uint()), true
	case left.CanFloat():
		return sign(left.Float() < right.Float(), left.Float() > right.Float()), true
	case left.Kind() == reflect.String:
		return strings.Compare(left.String(), right.String()), true
	}
	if one, ok := first.([]byte); ok {
		return bytes.Compare(one, second.([]byte)), true
	}
	if one, ok := first.(interface{ UnixNano() int64 }); ok { // a time
		before, after := one.UnixNano(), second.(interface{ UnixNano() int64 }).UnixNano()
		return sign(before < after, before > after), true
	}
	return 0, false
}

func sign(less, greater bool) int {
	switch {
	case less:
		return -1
	case greater:
		return 1
	}
	return 0
}

// Whether each element and the next are in one of the wanted orders.
func isOrdered(list interface{}, wanted ...int) bool {
	found := reflect.ValueOf(list)
	if found.Kind() != reflect.Slice && found.Kind() != reflect.Array {
		return false
	}
	for at := 1; at < found.Len(); at++ {
		got, ok := order(found.Index(at-1).Interface(), found.Index(at).Interface())
		if !ok || !isOneOf(got, wanted) {
			return false
		}
	}
	return true
}

func isOneOf(value int, wanted []int) bool {
	for _, each := range wanted {
		if each == value {
			return true
		}
	}
	return false
}

// Whether text contains a text, a map a key, a list an element; the second result: whether that can be asked.
func contains(list, element interface{}) (found, ok bool) {
	defer func() {
		if recover() != nil {
			found, ok = false, false
		}
	}()
	value := reflect.ValueOf(list)
	switch value.Kind() {
	case reflect.String:
		return strings.Contains(value.String(), reflect.ValueOf(element).String()), true
	case reflect.Map:
		for _, key := range value.MapKeys() {
			if ObjectsAreEqual(key.Interface(), element) {
				return true, true
			}
		}
		return false, true
	}
	for at := 0; at < value.Len(); at++ {
		if ObjectsAreEqual(value.Index(at).Interface(), element) {
			return true, true
		}
	}
	return false, true
}

func hasAll(list, subset interface{}) (all, ok bool) {
	if subset == nil {
		return true, true
	}
	part := reflect.ValueOf(subset)
	switch part.Kind() {
	case reflect.Map:
		whole := reflect.ValueOf(list)
		if whole.Kind() != reflect.Map || whole.Type() != part.Type() {
			return false, false
		}
		for _, key := range part.MapKeys() {
			got := whole.MapIndex(key)
			if !got.IsValid() || !ObjectsAreEqual(part.MapIndex(key).Interface(), got.Interface()) {
				return false, true
			}
		}
		return true, true
	case reflect.Array, reflect.Slice:
		for at := 0; at < part.Len(); at++ {
			if found, ok := contains(list, part.Index(at).Interface()); !found || !ok {
				return false, ok
			}
		}
		return true, true
	}
	return false, false
}

// Whether two lists have the same elements, in any order.
func isPermutation(first, second interface{}) bool {
	if isEmpty(first) && isEmpty(second) {
		return true
	}
	left, right := reflect.ValueOf(first), reflect.ValueOf(second)
	for _, each := range []reflect.Value{left, right} {
		if each.Kind() != reflect.Slice && each.Kind() != reflect.Array {
			return false
		}
	}
	if left.Len() != right.Len() {
		return false
	}
	taken := make([]bool, right.Len())
	for at := 0; at < left.Len(); at++ {
		found := false
		for other := 0; other < right.Len() && !found; other++ {
			if !taken[other] && ObjectsAreEqual(left.Index(at).Interface(), right.Index(other).Interface()) {
				taken[other], found = true, true
			}
		}
		if !found {
			return false
		}
	}
	return true
}

func lengthOf(value interface{}) (length int, ok bool) {
	defer func() {
		if recover() != nil {
			length, ok = 0, false
		}
	}()
	return reflect.ValueOf(value).Len(), true
}

func panicOf(function func()) (value interface{}, panicked bool) {
	panicked = true
	defer func() { value = recover() }()
	function()
	panicked = false
	return
}

func arePointersToOne(expected, actual interface{}) bool {
	left, right := reflect.ValueOf(expected), reflect.ValueOf(actual)
	if left.Kind() != reflect.Ptr || right.Kind() != reflect.Ptr || left.Type() != right.Type() {
		return false
	}
	return expected == actual
}

// Whether pair holds for all pairs of two lists.
func allPairs(expected, actual interface{}, pair func(left, right interface{}) bool) bool {
	left, right := reflect.ValueOf(expected), reflect.ValueOf(actual)
	if left.Kind() != reflect.Slice || right.Kind() != reflect.Slice || left.Len() != right.Len() {
		return false
	}
	for at := 0; at < left.Len(); at++ {
		if !pair(left.Index(at).Interface(), right.Index(at).Interface()) {
			return false
		}
	}
	return true
}

func message(err error) interface{} {
	if err == nil {
		return nil
	}
	return err.Error()
}
