package rgort

import (
	"strconv"
	"strings"
	"unicode"
)

//rgo:piece escape

// QuoteString is s for {:?}.
func QuoteString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		if r == '\'' {
			b.WriteByte('\'')
		} else {
			b.WriteString(escapeRune(r, true))
		}
	}
	b.WriteByte('"')
	return b.String()
}

// QuoteRune is r for {:?}.
func QuoteRune(r rune) string {
	if r == '"' {
		return `'"'`
	}
	return "'" + escapeRune(r, true) + "'"
}

// EscapeDebug is s as it is written in a literal. A mark that extends what is
// before it is escaped only at the start.
func EscapeDebug(s string) string {
	var b strings.Builder
	for i, r := range s {
		b.WriteString(escapeRune(r, i == 0))
	}
	return b.String()
}

// EscapeDefault is s with everything but printable ASCII escaped.
func EscapeDefault(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\t' || r == '\r' || r == '\n' || r == '\'' || r == '"' || r == '\\':
			b.WriteString(escapeRune(r, true))
		case r >= ' ' && r <= '~':
			b.WriteRune(r)
		default:
			b.WriteString(escapeNumber(r))
		}
	}
	return b.String()
}

// EscapeUnicode is s with everything escaped by its number.
func EscapeUnicode(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(escapeNumber(r))
	}
	return b.String()
}

func escapeNumber(r rune) string {
	return `\u{` + strconv.FormatInt(int64(r), 16) + "}"
}

func escapeRune(r rune, extending bool) string {
	switch r {
	case 0:
		return `\0`
	case '\t':
		return `\t`
	case '\r':
		return `\r`
	case '\n':
		return `\n`
	case '\'':
		return `\'`
	case '"':
		return `\"`
	case '\\':
		return `\\`
	}
	if r < unicode.MaxASCII && r >= ' ' {
		return string(r)
	}
	if extending && extends(r) || !unicode.IsPrint(r) {
		return escapeNumber(r)
	}
	return string(r)
}

// extends reports whether r extends what is before it (Unicode's
// Grapheme_Extend).
func extends(r rune) bool {
	return unicode.In(r, unicode.Me, unicode.Mn, unicode.Other_Grapheme_Extend)
}
