package rgort

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

//rgo:piece format needs panic

// Align is where text stands in a wider field.
type Align uint8

// The alignments. AlignDefault is left for text and right for numbers.
const (
	AlignDefault Align = iota
	AlignLeft
	AlignRight
	AlignCenter
)

// Spec is the options of a placeholder. The zero value is {}.
type Spec struct {
	Width     int   // the least number of characters
	HasWidth  bool  // whether a width of 0 was said (any other width says itself)
	Precision int   // digits after the point, or the most characters of text
	HasPrec   bool  // whether there is a precision
	Fill      rune  // what fills up to the width, 0 for a space
	Align     Align // where the text stands
	Plus      bool  // {:+}
	Minus     bool  // {:-}
	Alternate bool  // {:#}
	Zero      bool  // {:0}
	DebugHex  uint8 // 1 for {:x?}, 2 for {:X?}
}

// Formatter is where formatted text goes: a buffer, and the options of the
// placeholder that is being formatted. The zero value is ready to use.
type Formatter struct {
	Spec
	buf  []byte
	into *Formatter // the formatter that has the buffer, nil where this one has
}

// With is a formatter with other options that writes to the same buffer.
func (f *Formatter) With(spec Spec) *Formatter {
	if f.Spec == spec {
		return f
	}
	return &Formatter{Spec: spec, into: f.owner()}
}

// Plain is a formatter without options that writes to the same buffer.
func (f *Formatter) Plain() *Formatter {
	return f.With(Spec{})
}

// owner is the formatter that has the buffer.
func (f *Formatter) owner() *Formatter {
	if f.into != nil {
		return f.into
	}
	return f
}

// String is what was written.
func (f *Formatter) String() string {
	return string(f.owner().buf)
}

// Len is how many bytes were written.
func (f *Formatter) Len() int {
	return len(f.owner().buf)
}

// Write appends b as it is; it cannot fail.
func (f *Formatter) Write(b []byte) (int, error) {
	o := f.owner()
	o.buf = append(o.buf, b...)
	return len(b), nil
}

// WriteString appends s as it is.
func (f *Formatter) WriteString(s string) {
	o := f.owner()
	o.buf = append(o.buf, s...)
}

// WriteRune appends r as it is.
func (f *Formatter) WriteRune(r rune) {
	o := f.owner()
	o.buf = utf8.AppendRune(o.buf, r)
}

// FillRune is what fills up to the width.
func (f *Formatter) FillRune() rune {
	if f.Fill == 0 {
		return ' '
	}
	return f.Fill
}

// WidthOrNegative is the width, -1 where there is none.
func (f *Formatter) WidthOrNegative() int {
	if f.Width == 0 && !f.HasWidth {
		return -1
	}
	return f.Width
}

// PrecisionOrNegative is the precision, -1 where there is none.
func (f *Formatter) PrecisionOrNegative() int {
	if !f.HasPrec {
		return -1
	}
	return f.Precision
}

// Pad writes text: cut to the precision, filled up to the width.
func (f *Formatter) Pad(s string) {
	if f.HasPrec {
		s = firstRunes(s, f.Precision)
	}
	if f.Width == 0 {
		f.WriteString(s)
		return
	}
	f.padded(s, AlignLeft)
}

// firstRunes is the first n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// padded writes s in a field of the width.
func (f *Formatter) padded(s string, byDefault Align) {
	missing := f.Width - utf8.RuneCountInString(s)
	if missing <= 0 {
		f.WriteString(s)
		return
	}
	align := f.Align
	if align == AlignDefault {
		align = byDefault
	}
	before := 0
	switch align {
	case AlignRight:
		before = missing
	case AlignCenter:
		before = missing / 2
	}
	f.fill(f.FillRune(), before)
	f.WriteString(s)
	f.fill(f.FillRune(), missing-before)
}

func (f *Formatter) fill(r rune, n int) {
	for range n {
		f.WriteRune(r)
	}
}

// PadIntegral writes the digits of an integer with its sign, and the prefix
// where {:#} asks for it.
func (f *Formatter) PadIntegral(nonNegative bool, prefix, digits string) {
	sign := ""
	if !nonNegative {
		sign = "-"
	} else if f.Plus {
		sign = "+"
	}
	if f.Alternate {
		sign += prefix
	}
	f.padNumber(sign, digits)
}

// padNumber writes a sign and digits; {:0} fills in between.
func (f *Formatter) padNumber(sign, digits string) {
	if f.Width == 0 {
		f.WriteString(sign)
		f.WriteString(digits)
		return
	}
	if f.Zero {
		f.WriteString(sign)
		f.fill('0', f.Width-len(sign)-len(digits))
		f.WriteString(digits)
		return
	}
	f.padded(sign+digits, AlignRight)
}

// PadPointer writes an address for {:p}.
func (f *Formatter) PadPointer(address int) {
	old := f.Spec
	if f.Alternate {
		f.Zero = true
		if f.Width == 0 {
			f.Width = 18
		}
	}
	f.Alternate = true
	f.PadIntegral(true, "0x", strconv.FormatUint(uint64(address), 16))
	f.Spec = old
}

// Indent indents the lines that were written since mark: {:#?} writes an entry
// first and calls it then.
func (f *Formatter) Indent(mark int) {
	o := f.owner()
	lines := strings.SplitAfter(string(o.buf[mark:]), "\n")
	o.buf = o.buf[:mark]
	for _, line := range lines {
		if line != "" {
			o.buf = append(o.buf, "    "...)
			o.buf = append(o.buf, line...)
		}
	}
}

// IntExp writes an integer for {:e}: one digit, a point, the others.
func (f *Formatter) IntExp(nonNegative bool, n uint64, e rune) {
	exponent := 0
	for n >= 10 && n%10 == 0 {
		n /= 10
		exponent++
	}
	zeros := 0
	if f.HasPrec {
		digits := len(strconv.FormatUint(n, 10)) - 1
		zeros = max(0, f.Precision-digits)
		if cut := digits - f.Precision; cut > 0 {
			n, exponent = roundDigits(n, cut), exponent+cut
			if len(strconv.FormatUint(n, 10))-1 > f.Precision {
				n /= 10
				exponent++
			}
		}
	}
	text := strconv.FormatUint(n, 10)
	exponent += len(text) - 1
	digits := text[:1]
	if len(text) > 1 || zeros > 0 {
		digits += "." + text[1:] + strings.Repeat("0", zeros)
	}
	digits += string(e) + strconv.Itoa(exponent)
	f.PadFloat(!nonNegative, digits)
}

// roundDigits cuts the last few digits off, to even where two are as near.
func roundDigits(n uint64, cut int) uint64 {
	unit := uint64(1)
	for range cut {
		unit *= 10
	}
	quotient, rest := n/unit, n%unit
	if half := unit / 2; rest > half || (rest == half && quotient%2 == 1) {
		quotient++
	}
	return quotient
}

// PadFloat writes the digits of a number with its sign.
func (f *Formatter) PadFloat(negative bool, digits string) {
	sign := ""
	if negative {
		sign = "-"
	} else if f.Plus {
		sign = "+"
	}
	f.padNumber(sign, digits)
}

// Arguments is what format_args! yields: finished text, and whether some value
// refused to be formatted.
type Arguments struct {
	Text   string
	Failed bool
}

// Format is the text of the arguments; it panics where some value refused to
// be formatted.
func Format(args Arguments) string {
	if args.Failed {
		panic(NewPanic("a formatting trait implementation returned an error when the underlying stream did not"))
	}
	return args.Text
}
