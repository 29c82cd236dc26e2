// Package assert has the assertions of testify, with its rules: a failed assertion is reported to the test, which
// continues. The methods of Assertions, the variants of each function that format a message (Equalf), and package
// require are generated from its functions (_assertions.py). What
// they compare is in assert_values.go; those that link further packages are in assert_more.go.
package assert

import (
	"errors"
	"reflect"
	"strings"
)

type TestingT interface {
	Errorf(format string, args ...interface{})
}

type Assertions struct{ t TestingT }

type (
	PanicTestFunc           func()
	Comparison              func() bool
	ComparisonAssertionFunc func(TestingT, interface{}, interface{}, ...interface{}) bool
	ValueAssertionFunc      func(TestingT, interface{}, ...interface{}) bool
	BoolAssertionFunc       func(TestingT, bool, ...interface{}) bool
	ErrorAssertionFunc      func(TestingT, error, ...interface{}) bool
	PanicAssertionFunc      func(TestingT, PanicTestFunc, ...interface{}) bool
)

var AnError = errors.New("assert.AnError general error for testing")

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

func Equal(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, !isFunction(expected) && !isFunction(actual) && ObjectsAreEqual(expected, actual), "not equal, expected and actual:", expected, actual)
}

func NotEqual(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, !isFunction(expected) && !isFunction(actual) && !ObjectsAreEqual(expected, actual), "should not be", actual)
}

func EqualValues(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, ObjectsAreEqualValues(expected, actual), "not equal, expected and actual:", expected, actual)
}

func NotEqualValues(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, !ObjectsAreEqualValues(expected, actual), "should not be", actual)
}

func Exactly(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, reflect.TypeOf(expected) == reflect.TypeOf(actual) && ObjectsAreEqual(expected, actual), "not exactly equal, expected and actual:", expected, actual)
}

func Same(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, arePointersToOne(expected, actual), "should be the same pointer")
}

func NotSame(t TestingT, expected, actual interface{}, _ ...interface{}) bool {
	return judge(t, !arePointersToOne(expected, actual), "should not be the same pointer")
}

func True(t TestingT, value bool, _ ...interface{}) bool {
	return judge(t, value, "should be true")
}

func False(t TestingT, value bool, _ ...interface{}) bool {
	return judge(t, !value, "should be false")
}

func Nil(t TestingT, value interface{}, _ ...interface{}) bool {
	return judge(t, isNil(value), "should be nil:", value)
}

func NotNil(t TestingT, value interface{}, _ ...interface{}) bool {
	return judge(t, !isNil(value), "should not be nil")
}

func Empty(t TestingT, value interface{}, _ ...interface{}) bool {
	return judge(t, isEmpty(value), "should be empty:", value)
}

func NotEmpty(t TestingT, value interface{}, _ ...interface{}) bool {
	return judge(t, !isEmpty(value), "should not be empty")
}

func Zero(t TestingT, value interface{}, _ ...interface{}) bool {
	return judge(t, isZero(value), "should be zero:", value)
}

func NotZero(t TestingT, value interface{}, _ ...interface{}) bool {
	return judge(t, !isZero(value), "should not be zero")
}

func Error(t TestingT, err error, _ ...interface{}) bool {
	return judge(t, err != nil, "should be an error")
}

func NoError(t TestingT, err error, _ ...interface{}) bool {
	return judge(t, err == nil, "should be no error:", message(err))
}

func EqualError(t TestingT, err error, text string, _ ...interface{}) bool {
	return judge(t, err != nil && err.Error() == text, "should be this error:", text, message(err))
}

func ErrorContains(t TestingT, err error, text string, _ ...interface{}) bool {
	return judge(t, err != nil && strings.Contains(err.Error(), text), "should contain:", message(err), text)
}

func ErrorIs(t TestingT, err, target error, _ ...interface{}) bool {
	return judge(t, errors.Is(err, target), "should be in the chain of errors:", message(target), message(err))
}

func NotErrorIs(t TestingT, err, target error, _ ...interface{}) bool {
	return judge(t, !errors.Is(err, target), "should not be in the chain of errors:", message(target))
}

func ErrorAs(t TestingT, err error, target interface{}, _ ...interface{}) bool {
	return judge(t, errors.As(err, target), "no error of this type in the chain:", message(err))
}

func Len(t TestingT, value interface{}, length int, _ ...interface{}) bool {
	found, ok := lengthOf(value)
	return judge(t, ok && found == length, "should have this length:", length, value)
}

func InDelta(t TestingT, expected, actual interface{}, delta float64, _ ...interface{}) bool {
	return judge(t, isNear(expected, actual, delta), "differ by more than the last value:", expected, actual, delta)
}

func InDeltaSlice(t TestingT, expected, actual interface{}, delta float64, _ ...interface{}) bool {
	pair := func(left, right interface{}) bool { return isNear(left, right, delta) }
	return judge(t, allPairs(expected, actual, pair), "differ by more than the last value:", expected, actual, delta)
}

func InEpsilon(t TestingT, expected, actual interface{}, epsilon float64, _ ...interface{}) bool {
	return judge(t, isRelativelyNear(expected, actual, epsilon), "differ relatively by more than the last value:", expected, actual, epsilon)
}

func InEpsilonSlice(t TestingT, expected, actual interface{}, epsilon float64, _ ...interface{}) bool {
	pair := func(left, right interface{}) bool { return isRelativelyNear(left, right, epsilon) }
	return judge(t, allPairs(expected, actual, pair), "differ relatively by more than the last value:", expected, actual, epsilon)
}

func Contains(t TestingT, list, element interface{}, _ ...interface{}) bool {
	found, ok := contains(list, element)
	return judge(t, ok && found, "should contain:", list, element)
}

func NotContains(t TestingT, list, element interface{}, _ ...interface{}) bool {
	found, ok := contains(list, element)
	return judge(t, ok && !found, "should not contain:", list, element)
}

func Subset(t TestingT, list, subset interface{}, _ ...interface{}) bool {
	all, ok := hasAll(list, subset)
	return judge(t, ok && all, "should contain all of:", list, subset)
}

func NotSubset(t TestingT, list, subset interface{}, _ ...interface{}) bool {
	all, ok := hasAll(list, subset)
	return judge(t, ok && !all, "should not contain all of:", list, subset)
}

func ElementsMatch(t TestingT, first, second interface{}, _ ...interface{}) bool {
	return judge(t, isPermutation(first, second), "should have the same elements:", first, second)
}

func Greater(t TestingT, first, second interface{}, _ ...interface{}) bool {
	place, ok := order(first, second)
	return judge(t, ok && place > 0, "the first should be greater than the second:", first, second)
}

func GreaterOrEqual(t TestingT, first, second interface{}, _ ...interface{}) bool {
	place, ok := order(first, second)
	return judge(t, ok && place >= 0, "the first should be greater than or equal to the second:", first, second)
}

func Less(t TestingT, first, second interface{}, _ ...interface{}) bool {
	place, ok := order(first, second)
	return judge(t, ok && place < 0, "the first should be less than the second:", first, second)
}

func LessOrEqual(t TestingT, first, second interface{}, _ ...interface{}) bool {
	place, ok := order(first, second)
	return judge(t, ok && place <= 0, "the first should be less than or equal to the second:", first, second)
}

func Positive(t TestingT, value interface{}, _ ...interface{}) bool {
	place := 0
	zero, ok := reflect.Value{}, value != nil
	if ok {
		zero = reflect.Zero(reflect.TypeOf(value))
		place, ok = order(value, zero.Interface())
	}
	return judge(t, ok && place > 0, "should be positive:", value)
}

func Negative(t TestingT, value interface{}, _ ...interface{}) bool {
	place := 0
	zero, ok := reflect.Value{}, value != nil
	if ok {
		zero = reflect.Zero(reflect.TypeOf(value))
		place, ok = order(value, zero.Interface())
	}
	return judge(t, ok && place < 0, "should be negative:", value)
}

func IsIncreasing(t TestingT, list interface{}, _ ...interface{}) bool {
	return judge(t, isOrdered(list, -1), "increasing elements expected:", list)
}

func IsNonDecreasing(t TestingT, list interface{}, _ ...interface{}) bool {
	return judge(t, isOrdered(list, -1, 0), "nondecreasing elements expected:", list)
}

func IsDecreasing(t TestingT, list interface{}, _ ...interface{}) bool {
	return judge(t, isOrdered(list, 1), "decreasing elements expected:", list)
}

func IsNonIncreasing(t TestingT, list interface{}, _ ...interface{}) bool {
	return judge(t, isOrdered(list, 1, 0), "nonincreasing elements expected:", list)
}

func IsType(t TestingT, expected, value interface{}, _ ...interface{}) bool {
	return judge(t, reflect.TypeOf(expected) == reflect.TypeOf(value), "should have the type of:", expected, value)
}

func Implements(t TestingT, kind, value interface{}, _ ...interface{}) bool {
	return judge(t, value != nil && reflect.TypeOf(value).Implements(reflect.TypeOf(kind).Elem()), "does not implement the interface:", value)
}

func Condition(t TestingT, condition func() bool, _ ...interface{}) bool {
	return judge(t, condition(), "the condition does not hold")
}

func Panics(t TestingT, function func(), _ ...interface{}) bool {
	_, panicked := panicOf(function)
	return judge(t, panicked, "should panic")
}

func NotPanics(t TestingT, function func(), _ ...interface{}) bool {
	value, panicked := panicOf(function)
	return judge(t, !panicked, "should not panic:", value)
}

func PanicsWithValue(t TestingT, expected interface{}, function func(), _ ...interface{}) bool {
	value, panicked := panicOf(function)
	return judge(t, panicked && ObjectsAreEqual(expected, value), "should panic with:", expected, value)
}

func PanicsWithError(t TestingT, text string, function func(), _ ...interface{}) bool {
	value, panicked := panicOf(function)
	err, ok := value.(error)
	return judge(t, panicked && ok && err.Error() == text, "should panic with the error:", text, value)
}

func Fail(t TestingT, text string, _ ...interface{}) bool {
	return judge(t, false, "failed:", text)
}

func FailNow(t TestingT, text string, _ ...interface{}) bool {
	judge(t, false, "failed:", text)
	if test, ok := t.(interface{ FailNow() }); ok {
		test.FailNow()
	}
	return false
}
