package rgort

import (
	"strings"
	"unicode"
)

//rgo:piece runes

// IsAlphabetic reports whether r has Unicode's property Alphabetic.
func IsAlphabetic(r rune) bool {
	return unicode.In(r, unicode.Letter, unicode.Nl, unicode.Other_Alphabetic)
}

// IsNumeric reports whether r is a number in any way.
func IsNumeric(r rune) bool {
	return unicode.IsNumber(r)
}

// IsLowercase reports whether r has Unicode's property Lowercase.
func IsLowercase(r rune) bool {
	return unicode.In(r, unicode.Lower, unicode.Other_Lowercase)
}

// IsUppercase reports whether r has Unicode's property Uppercase.
func IsUppercase(r rune) bool {
	return unicode.In(r, unicode.Upper, unicode.Other_Uppercase)
}

// IsWhitespace reports whether r has Unicode's property White_Space.
func IsWhitespace(r rune) bool {
	return unicode.IsSpace(r)
}

// TrimSpace is s without white space at both ends.
func TrimSpace(s string) string {
	return strings.TrimFunc(s, IsWhitespace)
}
