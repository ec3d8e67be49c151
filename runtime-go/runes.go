package rgort

import "unicode"

//rgo:piece runes

// IsAlphabetic reports whether r has Unicode's property Alphabetic.
func IsAlphabetic(r rune) bool {
	return unicode.In(r, unicode.Letter, unicode.Nl, unicode.Other_Alphabetic)
}

// IsLowercase reports whether r has Unicode's property Lowercase.
func IsLowercase(r rune) bool {
	return unicode.In(r, unicode.Lower, unicode.Other_Lowercase)
}

// IsUppercase reports whether r has Unicode's property Uppercase.
func IsUppercase(r rune) bool {
	return unicode.In(r, unicode.Upper, unicode.Other_Uppercase)
}
