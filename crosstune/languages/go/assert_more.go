package assert

import (
	"encoding/json"
	"reflect"
	"regexp"
	"time"
)

func WithinDuration(t TestingT, expected, actual time.Time, delta time.Duration, _ ...interface{}) bool {
	off := expected.Sub(actual)
	return judge(t, off >= -delta && off <= delta, "times differ by more than the last value:", off, delta)
}

func WithinRange(t TestingT, actual, start, end time.Time, _ ...interface{}) bool {
	return judge(t, !actual.Before(start) && !actual.After(end) && !end.Before(start), "not within the times")
}

func Eventually(t TestingT, condition func() bool, wait, tick time.Duration, _ ...interface{}) bool {
	return judge(t, holdsWithin(condition, wait, tick), "the condition never held")
}

func Never(t TestingT, condition func() bool, wait, tick time.Duration, _ ...interface{}) bool {
	return judge(t, !holdsWithin(condition, wait, tick), "the condition held")
}

func holdsWithin(condition func() bool, wait, tick time.Duration) bool {
	for deadline := time.Now().Add(wait); time.Now().Before(deadline); time.Sleep(tick) {
		if condition() {
			return true
		}
	}
	return false
}

func Regexp(t TestingT, pattern, text interface{}, _ ...interface{}) bool {
	return judge(t, matches(pattern, text), "should match:", text)
}

func NotRegexp(t TestingT, pattern, text interface{}, _ ...interface{}) bool {
	return judge(t, !matches(pattern, text), "should not match:", text)
}

func matches(pattern, text interface{}) bool {
	compiled, ok := pattern.(*regexp.Regexp)
	if !ok {
		compiled = regexp.MustCompile(written(pattern))
	}
	return compiled.MatchString(written(text))
}

func written(value interface{}) string {
	switch found := value.(type) {
	case string:
		return found
	case []byte:
		return string(found)
	case error:
		return found.Error()
	case interface{ String() string }:
		return found.String()
	}
	return shown(reflect.ValueOf(value), 0)
}

func JSONEq(t TestingT, expected, actual string, _ ...interface{}) bool {
	var left, right interface{}
	ok := json.Unmarshal([]byte(expected), &left) == nil && json.Unmarshal([]byte(actual), &right) == nil
	return judge(t, ok && ObjectsAreEqual(left, right), "not equal as JSON:", expected, actual)
}
