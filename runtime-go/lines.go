package rgort

import (
	"iter"
	"strings"
)

//rgo:piece lines

// Lines yields the lines of s, without their ends: "\n" or "\r\n".
func Lines(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range strings.Lines(s) {
			if text, ended := strings.CutSuffix(line, "\n"); ended {
				line = strings.TrimSuffix(text, "\r")
			}
			if !yield(line) {
				return
			}
		}
	}
}
