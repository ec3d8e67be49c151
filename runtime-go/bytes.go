package rgort

import (
	"unicode/utf8"
	"unsafe"
)

//rgo:piece bytes

// Bytes is the bytes of s, which must not be written to. It copies nothing.
func Bytes(s string) []byte {
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

// StringOf is the bytes as text, while nobody writes to them. It copies
// nothing.
func StringOf(b []byte) string {
	return unsafe.String(unsafe.SliceData(b), len(b))
}

// CheckUTF8 is how many bytes at the start of b are UTF-8, and how many after
// these are broken: 0 for none, -1 where b ends within a character.
func CheckUTF8(b []byte) (valid, broken int) {
	for valid < len(b) {
		r, size := utf8.DecodeRune(b[valid:])
		if r == utf8.RuneError && size <= 1 {
			return valid, brokenLen(b[valid:])
		}
		valid += size
	}
	return valid, 0
}

// brokenLen is how many bytes at the start of b, which are not UTF-8, are the
// longest beginning of a character, or 1; -1 where b ends before it is broken.
func brokenLen(b []byte) int {
	need, low, high := 0, byte(0x80), byte(0xBF)
	switch first := b[0]; {
	case first >= 0xC2 && first <= 0xDF:
		need = 1
	case first == 0xE0:
		need, low = 2, 0xA0
	case first == 0xED:
		need, high = 2, 0x9F
	case first >= 0xE1 && first <= 0xEF:
		need = 2
	case first == 0xF0:
		need, low = 3, 0x90
	case first >= 0xF1 && first <= 0xF3:
		need = 3
	case first == 0xF4:
		need, high = 3, 0x8F
	default:
		return 1
	}
	for i := 1; i <= need; i++ {
		if i == len(b) {
			return -1
		}
		if b[i] < low || b[i] > high {
			return i
		}
		low, high = 0x80, 0xBF
	}
	return 1
}

// EncodeRune writes r to the start of b and yields what it wrote, as text that
// does not share memory with b.
func EncodeRune(b []byte, r rune) *string {
	text := string(b[:utf8.EncodeRune(b, r)])
	return &text
}
