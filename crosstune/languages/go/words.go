// Package words gives tests the formatting of package fmt; only programs that format link it.
package words

import (
	"fmt"
	"testing"
)

func init() {
	testing.Format = fmt.Sprintf
	testing.Words = fmt.Sprint
}
