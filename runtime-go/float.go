package rgort

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

//rgo:piece float needs format

// WriteFloat writes x for {}: never with an exponent, as few digits as say
// x among the floats of the given width.
func WriteFloat(f *Formatter, x float64, bits int) {
	precision := -1
	if f.HasPrec {
		precision = f.Precision
	}
	writeFloat(f, x, floatDigits(math.Abs(x), 'f', precision, bits))
}

// WriteFloatDebug writes x for {:?}: as {} does but with a point, or an exponent
// where there are many zeros.
func WriteFloatDebug(f *Formatter, x float64, bits int) {
	if f.HasPrec {
		WriteFloat(f, x, bits)
		return
	}
	writeFloat(f, x, debugDigits(math.Abs(x), bits))
}

// Float is the text of x for {}.
func Float[T float32 | float64](x T) string {
	return FormatFloat(float64(x), bitsOf(x))
}

// FloatDebug is the text of x for {:?}.
func FloatDebug[T float32 | float64](x T) string {
	return FormatFloatDebug(float64(x), bitsOf(x))
}

// FloatFixed is the text of x with so many digits after the point.
func FloatFixed[T float32 | float64](x T, digits int) string {
	wide := float64(x)
	if math.IsNaN(wide) || math.IsInf(wide, 0) {
		return FormatFloat(wide, 64)
	}
	return strconv.FormatFloat(wide, 'f', digits, bitsOf(x))
}

func bitsOf[T float32 | float64](x T) int {
	if _, ok := any(x).(float32); ok {
		return 32
	}
	return 64
}

// FormatFloat is the text of x for {}.
func FormatFloat(x float64, bits int) string {
	switch {
	case math.IsNaN(x):
		return "NaN"
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return shortest(x, 'f', bits)
}

// FormatFloatDebug is the text of x for {:?}.
func FormatFloatDebug(x float64, bits int) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return FormatFloat(x, bits)
	}
	if math.Signbit(x) {
		return "-" + debugDigits(-x, bits)
	}
	return debugDigits(x, bits)
}

func debugDigits(x float64, bits int) string {
	small := 1e-4
	if bits == 32 {
		small = float64(float32(small))
	}
	if x != 0 && (x < small || x >= 1e16) && !math.IsInf(x, 0) && !math.IsNaN(x) {
		return exponent(shortest(x, 'e', bits), 'e')
	}
	digits := shortest(x, 'f', bits)
	if !strings.ContainsAny(digits, ".IN") {
		digits += ".0"
	}
	return digits
}

// WriteFloatExp writes x for {:e}.
func WriteFloatExp(f *Formatter, x float64, bits int, e rune) {
	precision := -1
	if f.HasPrec {
		precision = f.Precision
	}
	writeFloat(f, x, exponent(floatDigits(math.Abs(x), 'e', precision, bits), e))
}

// floatDigits is the text of x with so many digits after the point, or with as
// few as say x where that is -1.
func floatDigits(x float64, format byte, precision, bits int) string {
	if precision < 0 {
		return shortest(x, format, bits)
	}
	return strconv.FormatFloat(x, format, precision, bits)
}

// shortest is the text of x in as few digits as say x. Where x lies in the
// middle between two such texts, strconv takes the even one and Rust the upper.
func shortest(x float64, format byte, bits int) string {
	text := strconv.FormatFloat(x, format, -1, bits)
	mantissa, power, _ := strings.Cut(text, "e")
	_, fraction, _ := strings.Cut(mantissa, ".")
	exponent := 0
	if power != "" {
		exponent, _ = strconv.Atoi(power)
	}
	// What is no multiple of 2^(1-n), but of 2^-n, has n decimals, the last of which is a 5.
	if len(fraction)-exponent+1 != binaryDigits(x) {
		return text
	}
	exact := strconv.FormatFloat(x, format, len(fraction)+1, 64)
	if !strings.HasPrefix(exact, mantissa) {
		return text
	}
	upper := []byte(text)
	upper[len(mantissa)-1]++
	return string(upper)
}

// binaryDigits is how many digits x has after its binary point.
func binaryDigits(x float64) int {
	b := math.Float64bits(x)
	mantissa := b&(1<<52-1) | 1<<52
	return 1075 - int(b>>52&0x7ff) - bits.TrailingZeros64(mantissa)
}

// exponent writes Go's e+05 as Rust's e5.
func exponent(digits string, e rune) string {
	mantissa, power, ok := strings.Cut(digits, "e")
	if !ok {
		return digits
	}
	n, _ := strconv.Atoi(power)
	return mantissa + string(e) + strconv.Itoa(n)
}

// writeFloat writes the digits of |x| with the sign of x.
func writeFloat(f *Formatter, x float64, digits string) {
	switch {
	case math.IsNaN(x):
		f.padNumber("", "NaN")
	case math.IsInf(x, 0):
		f.PadFloat(x < 0, "inf")
	default:
		f.PadFloat(math.Signbit(x), digits)
	}
}

// ParseFloat is the value that s says, if any, as Rust reads it.
func ParseFloat(s string, bits int) (float64, bool) {
	hasDigit := false
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			hasDigit = true
		case c != '.' && c != 'e' && c != 'E' && c != '+' && c != '-':
			return wordFloat(s)
		}
	}
	if !hasDigit {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, bits)
	if err != nil && err.(*strconv.NumError).Err != strconv.ErrRange {
		return 0, false
	}
	return x, true
}

// wordFloat is the value of a word for what is no number of digits.
func wordFloat(s string) (float64, bool) {
	sign := 1.0
	switch {
	case strings.HasPrefix(s, "-"):
		s, sign = s[1:], -1
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	switch {
	case strings.EqualFold(s, "inf"), strings.EqualFold(s, "infinity"):
		return math.Inf(int(sign)), true
	case strings.EqualFold(s, "nan"):
		return math.Copysign(math.NaN(), sign), true
	}
	return 0, false
}

// WriteDecimal writes a number with a fraction and a unit, for the {:?} of a
// duration. The fraction has as many digits as divisor*10 has zeros.
func WriteDecimal(f *Formatter, integer uint64, fraction, divisor uint32, unit string) {
	digits := ""
	limit := 9
	if f.HasPrec {
		limit = min(f.Precision, 9)
	}
	for fraction > 0 && len(digits) < limit {
		digits += string(rune('0' + fraction/divisor))
		fraction %= divisor
		divisor /= 10
	}
	if fraction > 0 && fraction >= divisor*5 {
		integer, digits = roundUp(integer, digits, fraction == divisor*5)
	}
	text := ""
	if f.Plus {
		text = "+"
	}
	text += strconv.FormatUint(integer, 10)
	if f.HasPrec {
		digits += strings.Repeat("0", max(0, f.Precision-len(digits)))
	}
	if digits != "" {
		text += "." + digits
	}
	f.padded(text+unit, AlignLeft)
}

// roundUp adds one to the last digit of a number, to even where it is a tie.
func roundUp(integer uint64, digits string, tie bool) (uint64, string) {
	if tie {
		odd := integer%2 == 1
		if digits != "" {
			odd = (digits[len(digits)-1]-'0')%2 == 1
		}
		if !odd {
			return integer, digits
		}
	}
	b := []byte(digits)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < '9' {
			b[i]++
			return integer, string(b)
		}
		b[i] = '0'
	}
	return integer + 1, string(b)
}
