package rgort

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func render(spec Spec, write func(*Formatter)) string {
	var f Formatter
	f.Spec = spec
	write(&f)
	return f.String()
}

// The expected texts are what rustc 1.95 prints.
func TestFloatsReadAsInRust(t *testing.T) {
	tests := []struct {
		x                                float64
		display, debug, zero, one, expon string
	}{
		{0.5, "0.5", "0.5", "0", "0.5", "5e-1"},
		{1.5, "1.5", "1.5", "2", "1.5", "1.5e0"},
		{2.5, "2.5", "2.5", "2", "2.5", "2.5e0"},
		{0.25, "0.25", "0.25", "0", "0.2", "2.5e-1"},
		{1000000000000000.25, "1000000000000000.3", "1000000000000000.3", "1000000000000000", "1000000000000000.2", "1.0000000000000003e15"},
		{1000000000000000.75, "1000000000000000.8", "1000000000000000.8", "1000000000000001", "1000000000000000.8", "1.0000000000000008e15"},
		{1e16, "10000000000000000", "1e16", "10000000000000000", "10000000000000000.0", "1e16"},
		{1e15, "1000000000000000", "1000000000000000.0", "1000000000000000", "1000000000000000.0", "1e15"},
		{1e-5, "0.00001", "1e-5", "0", "0.0", "1e-5"},
		{123456789012345680, "123456789012345680", "1.2345678901234568e17", "123456789012345680", "123456789012345680.0", "1.2345678901234568e17"},
		{math.Inf(1), "inf", "inf", "inf", "inf", "inf"},
		{math.NaN(), "NaN", "NaN", "NaN", "NaN", "NaN"},
		{math.Copysign(0, -1), "-0", "-0.0", "-0", "-0.0", "-0e0"},
	}
	for _, test := range tests {
		got := []string{
			render(Spec{}, func(f *Formatter) { WriteFloat(f, test.x, 64) }),
			render(Spec{}, func(f *Formatter) { WriteFloatDebug(f, test.x, 64) }),
			render(Spec{HasPrec: true}, func(f *Formatter) { WriteFloat(f, test.x, 64) }),
			render(Spec{HasPrec: true, Precision: 1}, func(f *Formatter) { WriteFloat(f, test.x, 64) }),
			render(Spec{}, func(f *Formatter) { WriteFloatExp(f, test.x, 64, 'e') }),
		}
		want := []string{test.display, test.debug, test.zero, test.one, test.expon}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%v: got %q, want %q", test.x, got, want)
		}
		if got := FormatFloatDebug(test.x, 64); got != test.debug {
			t.Errorf("FormatFloatDebug(%v) = %q, want %q", test.x, got, test.debug)
		}
	}
}

func TestSpecsPad(t *testing.T) {
	tests := []struct {
		spec Spec
		f    func(*Formatter)
		want string
	}{
		{Spec{Width: 5}, func(f *Formatter) { f.Pad("ab") }, "ab   "},
		{Spec{Width: 5, Align: AlignCenter}, func(f *Formatter) { f.Pad("ab") }, " ab  "},
		{Spec{Width: 7, HasPrec: true, Precision: 1, Fill: '*', Align: AlignCenter}, func(f *Formatter) { f.Pad("xyz") }, "***x***"},
		{Spec{Width: 5}, func(f *Formatter) { f.PadIntegral(true, "", "5") }, "    5"},
		{Spec{Width: 5, Plus: true, Align: AlignRight}, func(f *Formatter) { f.PadIntegral(true, "", "5") }, "   +5"},
		{Spec{Width: 5, Zero: true}, func(f *Formatter) { f.PadIntegral(false, "", "5") }, "-0005"},
		{Spec{Width: 10, Zero: true, Alternate: true}, func(f *Formatter) { f.PadIntegral(true, "0x", "ff") }, "0x000000ff"},
		{Spec{Width: 8, Zero: true, HasPrec: true, Precision: 2}, func(f *Formatter) { WriteFloat(f, math.Inf(1), 64) }, "00000inf"},
		{Spec{Width: 8, Zero: true, HasPrec: true, Precision: 1, Plus: true}, func(f *Formatter) { WriteFloat(f, 0.5, 64) }, "+00000.5"},
		{Spec{}, func(f *Formatter) { f.IntExp(true, 1234567, 'e') }, "1.234567e6"},
		{Spec{}, func(f *Formatter) { f.IntExp(true, 100, 'e') }, "1e2"},
		{Spec{HasPrec: true, Precision: 2}, func(f *Formatter) { f.IntExp(true, 123456, 'e') }, "1.23e5"},
		{Spec{}, func(f *Formatter) { f.IntExp(true, 0, 'E') }, "0E0"},
		{Spec{HasPrec: true, Precision: 1}, func(f *Formatter) { f.IntExp(true, 25, 'e') }, "2.5e1"},
		{Spec{}, func(f *Formatter) { f.PadPointer(16) }, "0x10"},
		{Spec{Alternate: true}, func(f *Formatter) { f.PadPointer(16) }, "0x0000000000000010"},
		{Spec{Width: 10}, func(f *Formatter) { f.PadPointer(16) }, "      0x10"},
	}
	for _, test := range tests {
		if got := render(test.spec, test.f); got != test.want {
			t.Errorf("%+v: got %q, want %q", test.spec, got, test.want)
		}
	}
}

func TestEscapes(t *testing.T) {
	if got := QuoteString("a\tb\n\r\\\x00\u007f\u200bé"); got != `"a\tb\n\r\\\0\u{7f}\u{200b}é"` {
		t.Error(got)
	}
	if got := QuoteString("\u0301a'\""); got != `"\u{301}a'\""` {
		t.Error(got)
	}
	if got := EscapeDebug("\u0301a\u0301"); got != "\\u{301}a\u0301" {
		t.Error(got)
	}
	if got := QuoteRune('\'') + QuoteRune('"'); got != `'\'''"'` {
		t.Error(got)
	}
}

func TestSipHashIsThatOfRust(t *testing.T) {
	h := NewSipHasher(0, 0)
	h.WriteUint64(1, 4)
	if h.Sum64() != 1742378985846435984 {
		t.Error(h.Sum64())
	}
	h = NewSipHasher(0, 0)
	h.WriteString("hello")
	h.WriteUint64(0xff, 1)
	if h.Sum64() != 16156531084128653017 {
		t.Error(h.Sum64())
	}
}

func TestPushStringKeepsOtherStrings(t *testing.T) {
	s := strings.Repeat("x", 40)
	PushString(&s, "a")
	before, fork := s, s
	for range 100 {
		PushString(&s, "b")
		PushString(&fork, "c")
	}
	if before != strings.Repeat("x", 40)+"a" || s != before+strings.Repeat("b", 100) || fork != before+strings.Repeat("c", 100) {
		t.Errorf("%q %q %q", before, s, fork)
	}
}

func BenchmarkPushString(b *testing.B) {
	for b.Loop() {
		s := ""
		for range 10000 {
			PushString(&s, "abcdefg")
		}
	}
}

func ExamplePushString() {
	s := "Hello"
	PushString(&s, ", world")
	PushRune(&s, '!')
	fmt.Println(s)
	// Output: Hello, world!
}

func TestRuntimeErrorsSpeakRust(t *testing.T) {
	message := func(f func()) (said string) {
		defer func() { said = PanicMessage(recover()) }()
		f()
		return ""
	}
	zero, s := 0, []int{1, 2, 3}
	if got := message(func() { _ = s[7+zero] }); got != "index out of bounds: the len is 3 but the index is 7" {
		t.Error(got)
	}
	if got := message(func() { _ = 1 / zero }); got != "attempt to divide by zero" {
		t.Error(got)
	}
	if got := message(func() { Add(int8(127), int8(1)) }); got != "attempt to add with overflow" {
		t.Error(got)
	}
}

func TestSubstr(t *testing.T) {
	s := "aß😀"
	isBoundary := func(i int) bool { return i == len(s) || utf8.RuneStart(s[i]) }
	for start := -1; start <= len(s)+1; start++ {
		for end := -1; end <= len(s)+1; end++ {
			ok := 0 <= start && start <= end && end <= len(s) && isBoundary(start) && isBoundary(end)
			var part string
			var said any
			func() {
				defer func() { said = recover() }()
				part = Substr(s, start, end)
			}()
			if ok != (said == nil) || ok && part != s[start:end] {
				t.Error(start, end, part, said)
			}
		}
	}
	want := "end byte index 2 is not a char boundary; it is inside 'ß' (bytes 1..3) of `aß😀`"
	defer func() {
		if got := PanicMessage(recover()); got != want {
			t.Error(got)
		}
	}()
	SubstrTo(s, 2)
}

func TestPanicking(t *testing.T) {
	seen := false
	func() {
		defer func() { _ = recover() }()
		defer func() { seen = Panicking() }()
		panic("x")
	}()
	if !seen || Panicking() {
		t.Error(seen)
	}
}

func TestCheckedArithmetic(t *testing.T) {
	fails := func(f func()) (failed bool) {
		defer func() { failed = recover() != nil }()
		f()
		return
	}
	for a := -128; a < 128; a++ {
		for b := -128; b < 128; b++ {
			x, y := int8(a), int8(b)
			if fails(func() { Add(x, y) }) != (a+b != int(x+y)) || fails(func() { Sub(x, y) }) != (a-b != int(x-y)) || fails(func() { Mul(x, y) }) != (a*b != int(x*y)) {
				t.Fatal(a, b)
			}
		}
	}
}

func TestParseFloat(t *testing.T) {
	for s, want := range map[string]bool{"1": true, "1.": true, ".5": true, "1e5": true, "+inf": true, "-Infinity": true, "nan": true, "": false, ".": false, "e5": false, "0x1p3": false, "1_0": false, " 1": false, "+": false, "1e": false, "--1": false, "+nan": true} {
		if _, ok := ParseFloat(s, 64); ok != want {
			t.Errorf("ParseFloat(%q) = %v", s, ok)
		}
	}
}

func TestCheckUTF8(t *testing.T) {
	for s, want := range map[string][2]int{"ok": {2, 0}, "a\xff": {1, 1}, "a\xe2\x82": {1, -1}, "\xf0\x28": {0, 1}, "\xe2\x82x": {0, 2}, "\xed\xa0\x80": {0, 1}} {
		if valid, broken := CheckUTF8([]byte(s)); valid != want[0] || broken != want[1] {
			t.Errorf("CheckUTF8(%q) = %d, %d", s, valid, broken)
		}
	}
}

func TestCasing(t *testing.T) {
	for s, want := range map[string]string{"straße": "STRASSE", "ŉ": "ʼN"} {
		if got := ToUpper(s); got != want {
			t.Errorf("ToUpper(%q) = %q", s, got)
		}
	}
	if got := ToLower("ὈΔΥΣΣΕΎΣ İ"); got != "ὀδυσσεύς i̇" {
		t.Error(got)
	}
}

func TestChannel(t *testing.T) {
	c := NewChannel[int](-1)
	c.AddSender()
	go func() {
		for i := range 100 {
			c.Send(i)
		}
		c.DropSender()
		c.DropSender()
	}()
	sum := 0
	for {
		n, ok := c.Recv()
		if !ok {
			break
		}
		sum += n
	}
	if sum != 4950 {
		t.Error(sum)
	}
	rendezvous := NewChannel[string](0)
	go func() { rendezvous.Send("x") }()
	if s, ok := rendezvous.Recv(); s != "x" || !ok {
		t.Error(s, ok)
	}
	rendezvous.DropReceiver()
	if back, gone := rendezvous.Send("y"); back != "y" || !gone {
		t.Error(back, gone)
	}
}

func TestSpawnJoinsAndCatches(t *testing.T) {
	if v, ok := Spawn("", func() int { return 7 }).Join(); v != 7 || !ok {
		t.Error(v, ok)
	}
	value, caught, ok := Try(func() int { panic(&Panic{Message: "m", Resumed: true}) })
	if value != 0 || ok || PanicMessage(caught) != "m" || PayloadKind("literal") != 0 || PayloadKind(caught) != 1 {
		t.Error(value, caught, ok)
	}
}
