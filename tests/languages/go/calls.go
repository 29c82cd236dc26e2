package main

func nested(rows [][]int) [][]int { return nil }
func word(text string) string { return "" }
func number(value float64) float64 { return 0 }
func flag(value bool) bool { return false }
func grow(items []int) []int { return nil }
func swap(one int64, other string) (string, int64) { return "", 0 }
func counts(given map[string]int) map[string]int { return nil }
func maybe(value *int) *int { return nil }
func leave(how int) int { return 0 }
----
package main

import "os"

func nested(rows [][]int) [][]int { return rows }
func word(text string) string { return text }
func number(value float64) float64 { return value }
func flag(value bool) bool { return value }
func grow(items []int) []int { items[0] = len(items); return nil }
func swap(one int64, other string) (string, int64) { return other, one }
func counts(given map[string]int) map[string]int { return given }
func maybe(value *int) *int { return value }
func leave(how int) int {
	if how == 0 {
		panic("no")
	}
	if how == 1 {
		os.Exit(0)
	}
	for how == 2 {
	}
	return how
}
