package rgort

import (
	"fmt"
	"unicode/utf8"
)

//rgo:piece substr needs escape

// Substr is s[start:end]; it panics where that does not lie in s, or begins or
// ends within a character. Go's compiler inlines it, and so the others: what
// the panic says is put into words by who asks.
func Substr(s string, start, end int) string {
	if uint(start) > uint(end) || uint(end) > uint(len(s)) || start < end && isInside(s[start]) || end < len(s) && isInside(s[end]) {
		panic(&noSubstr{s, start, end})
	}
	return s[start:end]
}

// SubstrFrom is s[start:], checked as Substr does.
func SubstrFrom(s string, start int) string {
	if uint(start) > uint(len(s)) || start < len(s) && isInside(s[start]) {
		panic(&noSubstr{s, start, len(s)})
	}
	return s[start:]
}

// SubstrTo is s[:end], checked as Substr does.
func SubstrTo(s string, end int) string {
	if uint(end) > uint(len(s)) || end < len(s) && isInside(s[end]) {
		panic(&noSubstr{s, 0, end})
	}
	return s[:end]
}

// isInside reports whether b continues a character.
func isInside(b byte) bool {
	return b&0xC0 == 0x80
}

// noSubstr is the panic of who asks for s[start:end] where that is no part of s.
type noSubstr struct {
	s          string
	start, end int
}

// Error says why it is none.
func (n *noSubstr) Error() string {
	s, start, end := n.s, n.start, n.end
	shown, ellipsis := s, ""
	if len(s) > 256 {
		shown, ellipsis = s[:boundaryBefore(s, 256)], "[...]"
	}
	switch length := uint(len(s)); {
	case uint(start) > length:
		return fmt.Sprintf("start byte index %d is out of bounds of `%s`%s", uint(start), shown, ellipsis)
	case uint(end) > length:
		return fmt.Sprintf("end byte index %d is out of bounds of `%s`%s", uint(end), shown, ellipsis)
	case start > end:
		return fmt.Sprintf("begin > end (%d > %d) when slicing `%s`%s", start, end, shown, ellipsis)
	}
	side, at := "end", end
	if start < len(s) && isInside(s[start]) {
		side, at = "start", start
	}
	first := boundaryBefore(s, at)
	r, size := utf8.DecodeRuneInString(s[first:])
	return fmt.Sprintf("%s byte index %d is not a char boundary; it is inside %s (bytes %d..%d) of `%s`%s", side, at, QuoteRune(r), first, first+size, shown, ellipsis)
}

// boundaryBefore is the last boundary between characters at or before i.
func boundaryBefore(s string, i int) int {
	for i > 0 && isInside(s[i]) {
		i--
	}
	return i
}
