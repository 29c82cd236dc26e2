// HumanEval/10 helper
func IsPalindrome(str string) bool {
	for i, j := 0, len(str)-1; i < j; i, j = i+1, j-1 {
		if str[i] != str[j] {
			return false
		}
	}
	return true
}

// HumanEval/32 helper
func Poly(xs []int, x float64) float64 {
	sum := 0.0
	for i := len(xs) - 1; i >= 0; i-- {
		sum = sum*x + float64(xs[i])
	}
	return sum
}

// HumanEval/32
	begin, end := -1.0, 1.0
	for Poly(xs, begin)*Poly(xs, end) > 0 {
		begin *= 2
		end *= 2
	}
	for end-begin > 1e-10 {
		center := (begin + end) / 2
		if Poly(xs, center)*Poly(xs, begin) > 0 {
			begin = center
		} else {
			end = center
		}
	}
	return begin

// HumanEval/38 helper
func EncodeCyclic(s string) string {
	result := []byte(s)
	for i := 0; i+3 <= len(s); i += 3 {
		result[i], result[i+1], result[i+2] = s[i+1], s[i+2], s[i]
	}
	return string(result)
}

// HumanEval/38
	return EncodeCyclic(EncodeCyclic(s))

// HumanEval/45
	return float64(a*h) / 2

// HumanEval/50 helper
func EncodeShift(s string) string {
	result := []byte(s)
	for i, c := range result {
		result[i] = 'a' + (c-'a'+5)%26
	}
	return string(result)
}

// HumanEval/50
	result := []byte(s)
	for i, c := range result {
		result[i] = 'a' + (c-'a'+21)%26
	}
	return string(result)

// HumanEval/71 before
import "math"

// HumanEval/71
	if a+b <= c || a+c <= b || b+c <= a {
		return -1
	}
	s := float64(a+b+c) / 2
	area := math.Sqrt(s * (s - float64(a)) * (s - float64(b)) * (s - float64(c)))
	return math.Round(area*100) / 100

// HumanEval/92 before
import "math"

// HumanEval/92
	whole := x == math.Trunc(x) && y == math.Trunc(y) && z == math.Trunc(z)
	return whole && (x+y == z || x+z == y || y+z == x)

// HumanEval/95 before
import "strings"

// HumanEval/95
	lower, upper := len(dict) > 0, len(dict) > 0
	for key := range dict {
		letters := strings.ToLower(key) != strings.ToUpper(key)
		lower = lower && letters && key == strings.ToLower(key)
		upper = upper && letters && key == strings.ToUpper(key)
	}
	return lower || upper

// HumanEval/103 before
import "strconv"

// HumanEval/103
	if n > m {
		return -1
	}
	rounded := (n + m) / 2
	if (n+m)%2 == 1 && rounded%2 == 1 {
		rounded++
	}
	return "0b" + strconv.FormatInt(int64(rounded), 2)

// HumanEval/111 before
import "strings"

// HumanEval/111
	counts, most := map[string]int{}, 0
	for _, letter := range strings.Fields(test) {
		counts[letter]++
		if counts[letter] > most {
			most = counts[letter]
		}
	}
	for letter, count := range counts {
		if count < most {
			delete(counts, letter)
		}
	}
	return counts

// HumanEval/32 tests
package main

import (
	"math"
	"testing"
)

func valueAt(xs []int, x float64) float64 {
	sum := 0.0
	for i, coefficient := range xs {
		sum += float64(coefficient) * math.Pow(x, float64(i))
	}
	return sum
}

func TestFindZero(t *testing.T) {
	near := true
	near = near && math.Abs(valueAt(ARGUMENTS, CALL)) < TOLERANCE
	if !near {
		t.Fatal("not a root")
	}
}
