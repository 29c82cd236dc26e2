// Package words gives package testing the formatting of package fmt; only programs that format text link it.
package words

import (
	"fmt"
	"testing"
)

func init() {
	testing.Format = fmt.Sprintf
	testing.Words = fmt.Sprint
}
