package rgort

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
)

//rgo:piece panic

// A Panic is what a failed rgo program panics with, where it is not a plain
// string: a message that was formatted, or a payload that is not text.
type Panic struct {
	Message  string
	Location string
	Payload  any  // nil where the message is all there is
	Resumed  bool // it was reported before
}

// Error is the message, as Go's runtime prints it.
func (p *Panic) Error() string {
	return p.Message
}

// NewPanic is the panic with a message.
func NewPanic(message string) *Panic {
	return &Panic{Message: message}
}

// Run is the main function of a program: it calls main, and where that panics
// it prints what Rust prints and exits with status 101.
//
//	func main() { rgort.Run(run) }
func Run(main func()) {
	defer func() {
		if r := recover(); r != nil {
			ReportPanic("main", r)
			os.Exit(101)
		}
	}()
	main()
}

// ReportPanic prints to standard error that a goroutine panicked with r.
func ReportPanic(thread string, r any) {
	frames := panicFrames()
	location := "unknown location"
	if len(frames) > 0 {
		location = place(frames[0])
	}
	if p, ok := r.(*Panic); ok && p.Location != "" {
		location = p.Location
	}
	text := fmt.Sprintf("\nthread '%s' panicked at %s:\n%s\n", thread, location, PanicMessage(r))
	switch os.Getenv("RUST_BACKTRACE") {
	case "", "0":
		if !noteGiven.Swap(true) {
			text += "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n"
		}
	default:
		text += "stack backtrace:\n"
		for i, frame := range frames {
			text += fmt.Sprintf("%4d: %s\n             at %s\n", i, frame.Function, place(frame))
		}
	}
	os.Stderr.WriteString(text)
}

// noteGiven says that the note about backtraces was printed.
var noteGiven atomic.Bool

func place(frame runtime.Frame) string {
	return fmt.Sprintf("%s:%d", frame.File, frame.Line)
}

// panicFrames are the calls below the panic, innermost first, that belong
// neither to Go's runtime nor to this package nor to what was emitted from the
// standard library: that one speaks of its caller.
func panicFrames() []runtime.Frame {
	pcs := make([]uintptr, 256)
	calls := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	var frames []runtime.Frame
	panicking := false
	for {
		frame, more := calls.Next()
		switch {
		case frame.Function == "runtime.gopanic" || strings.HasPrefix(frame.Function, "runtime.panic") || frame.Function == "runtime.sigpanic":
			panicking = true
		case !panicking || strings.HasPrefix(frame.Function, "runtime.") || strings.Contains(frame.Function, "/rgort."):
		case filepath.Base(frame.File) == "rgo_std.go":
		default:
			frames = append(frames, frame)
		}
		if !more {
			return frames
		}
	}
}

// PanicMessage is the message of what was recovered. Errors of Go's runtime
// are said in Rust's words.
func PanicMessage(r any) string {
	switch r := r.(type) {
	case *Panic:
		return r.Message
	case string:
		return libraryMessage(r)
	case runtime.Error:
		return runtimeMessage(r.Error())
	case error:
		return libraryMessage(r.Error())
	default:
		return fmt.Sprint(r)
	}
}

// libraryMessage translates what Go's library says when lengths overflow.
func libraryMessage(message string) string {
	switch message {
	case "cannot be negative", "strings: negative Repeat count", "strings: Repeat output length overflow":
		return "capacity overflow"
	}
	return message
}

// runtimeMessage translates a message of Go's runtime.
func runtimeMessage(message string) string {
	message = strings.TrimPrefix(message, "runtime error: ")
	switch message {
	case "integer divide by zero":
		return "attempt to divide by zero"
	case "makeslice: len out of range", "makeslice: cap out of range", "growslice: len out of range":
		return "capacity overflow"
	}
	var index, length int
	if n, _ := fmt.Sscanf(message, "index out of range [%d] with length %d", &index, &length); n == 2 {
		return fmt.Sprintf("index out of bounds: the len is %d but the index is %d", length, uint(index))
	}
	var negative int
	if n, _ := fmt.Sscanf(message, "index out of range [%d]", &negative); n == 1 {
		return fmt.Sprintf("index out of bounds: the index is %d", uint(negative))
	}
	for _, bounds := range boundsMessages {
		var first, second int
		if _, err := fmt.Sscanf(message, "slice bounds out of range "+bounds.goFormat, &first, &second); err == nil {
			return fmt.Sprintf(bounds.message, uint(first), uint(second))
		}
	}
	for _, bound := range boundMessages {
		if n, _ := fmt.Sscanf(message, "slice bounds out of range "+bound.goFormat, &negative); n == 1 {
			return fmt.Sprintf(bound.message, uint(negative))
		}
	}
	return message
}

// boundsMessages are what Go says of slices out of range, in Rust's words.
var boundsMessages = []struct{ goFormat, message string }{
	{"[:%d:%d]", "range end index %d out of range for slice of length %d"},
	{"[:%d] with length %d", "range end index %d out of range for slice of length %d"},
	{"[:%d] with capacity %d", "range end index %d out of range for slice of length %d"},
	{"[%d:%d:]", "slice index starts at %d but ends at %d"},
	{"[%d:%d]", "range start index %d out of range for slice of length %d"},
}

// boundMessages are what Go says of a bound that is negative for it. It leaves
// the length out.
var boundMessages = []struct{ goFormat, message string }{
	{"[:%d", "range end index %d out of range for slice"},
	{"[%d:", "range start index %d out of range for slice"},
}

// Panicking reports whether it is called, by however many calls, from a
// deferred function that runs because of a panic.
func Panicking() bool {
	var pcs [32]uintptr
	for skip := 2; ; skip += len(pcs) {
		count := runtime.Callers(skip, pcs[:])
		frames := runtime.CallersFrames(pcs[:count])
		for {
			frame, more := frames.Next()
			if frame.Function == "runtime.gopanic" {
				return true
			}
			if !more {
				break
			}
		}
		if count < len(pcs) {
			return false
		}
	}
}
