package rgort

import (
	"sync"
	"unicode/utf8"
	"unsafe"
)

//rgo:piece push

// growing is a buffer behind a string that was pushed to.
//
// A Go string never changes, so s += t copies s, and building a string from n
// pieces takes n² steps. PushString makes it linear: it keeps the buffers of the
// strings that were pushed to last, and where s ends exactly at the end of what
// is used of such a buffer, it appends in place.
//
// It is sound. Bytes that a string shows are never written again: a push writes
// only behind used, and a string that shows bytes of the buffer ends at used or
// before. Two pushes to the same string cannot both append: the first moves used
// on, under the lock, so the second sees that its string does not end at used
// any more, and copies. A string that another goroutine reads meanwhile ends
// before the bytes that are being written.
type growing struct {
	buf []byte // its length is what is used
}

// recent holds the buffers of the strings that were pushed to last.
var recent struct {
	sync.Mutex
	buffers [8]growing
	next    int
}

// smallest is the least size of a buffer that is kept.
const smallest = 32

// PushString appends t to *s, in amortised linear time.
func PushString(s *string, t string) {
	if t == "" {
		return
	}
	if len(*s) == 0 && len(t) >= smallest {
		*s = t
		return
	}
	if len(*s)+len(t) < smallest {
		*s += t
		return
	}
	recent.Lock()
	buffer := bufferOf(*s)
	if buffer == nil {
		buffer = newBuffer(*s, len(t))
	} else if cap(buffer.buf)-len(buffer.buf) < len(t) {
		buffer.grow(*s, len(t))
	}
	start := len(buffer.buf) - len(*s)
	buffer.buf = append(buffer.buf, t...)
	*s = unsafe.String(&buffer.buf[start], len(buffer.buf)-start)
	recent.Unlock()
}

// PushRune appends r to *s, in amortised linear time.
func PushRune(s *string, r rune) {
	var encoded [utf8.UTFMax]byte
	n := utf8.EncodeRune(encoded[:], r)
	if len(*s)+n < smallest {
		*s += string(encoded[:n])
		return
	}
	PushString(s, string(encoded[:n]))
}

// bufferOf is the buffer that s ends at the end of, if any.
func bufferOf(s string) *growing {
	if s == "" {
		return nil
	}
	last := unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), len(s)-1)
	for i := range recent.buffers {
		buffer := &recent.buffers[i]
		if used := len(buffer.buf); used >= len(s) && last == unsafe.Pointer(&buffer.buf[used-1]) {
			return buffer
		}
	}
	return nil
}

// newBuffer puts s in a buffer of its own, in the place of the oldest.
func newBuffer(s string, more int) *growing {
	buffer := &recent.buffers[recent.next]
	recent.next = (recent.next + 1) % len(recent.buffers)
	buffer.grow(s, more)
	return buffer
}

// grow puts s in a new buffer with room for more bytes.
func (g *growing) grow(s string, more int) {
	buf := make([]byte, len(s), max(2*len(s), len(s)+more, 2*smallest))
	copy(buf, s)
	g.buf = buf
}

// NewString is an empty string. There is no room to be had beforehand in a Go
// string; the capacity is a hint that PushString does without.
func NewString(capacity int) string {
	if capacity < 0 {
		panic(NewPanic("capacity overflow"))
	}
	return ""
}

// GrowString makes room for more bytes behind *s.
func GrowString(s *string, more int) {
	if more <= 0 || *s == "" {
		return
	}
	recent.Lock()
	defer recent.Unlock()
	buffer := bufferOf(*s)
	if buffer == nil {
		buffer = newBuffer(*s, more)
	} else if cap(buffer.buf)-len(buffer.buf) < more {
		buffer.grow(*s, more)
	}
	start := len(buffer.buf) - len(*s)
	*s = unsafe.String(&buffer.buf[start], len(*s))
}

// StringCapacity is how many bytes s can become without moving.
func StringCapacity(s string) int {
	recent.Lock()
	defer recent.Unlock()
	if buffer := bufferOf(s); buffer != nil {
		return cap(buffer.buf) - len(buffer.buf) + len(s)
	}
	return len(s)
}
