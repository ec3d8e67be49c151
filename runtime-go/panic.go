package rgort

import (
	"fmt"
	"os"
	"runtime"
	"strings"
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
	location := ""
	if p, ok := r.(*Panic); ok {
		location = p.Location
	}
	if location == "" {
		location = panicLocation()
	}
	fmt.Fprintf(os.Stderr, "\nthread '%s' panicked at %s:\n%s\n", thread, location, PanicMessage(r))
}

// panicLocation is the innermost place below the panic that belongs neither to
// Go's runtime nor to this package.
func panicLocation() string {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	panicking := false
	for {
		frame, more := frames.Next()
		switch {
		case frame.Function == "runtime.gopanic" || strings.HasPrefix(frame.Function, "runtime.panic") || frame.Function == "runtime.sigpanic":
			panicking = true
		case panicking && !strings.HasPrefix(frame.Function, "runtime.") && !strings.Contains(frame.Function, "rgort."):
			return fmt.Sprintf("%s:%d", frame.File, frame.Line)
		}
		if !more {
			return "unknown location"
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
		return r
	case runtime.Error:
		return runtimeMessage(r.Error())
	case error:
		return r.Error()
	default:
		return fmt.Sprint(r)
	}
}

// runtimeMessage translates a message of Go's runtime.
func runtimeMessage(message string) string {
	message = strings.TrimPrefix(message, "runtime error: ")
	switch message {
	case "integer divide by zero":
		return "attempt to divide by zero"
	case "makeslice: len out of range", "makeslice: cap out of range":
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
	return message
}

// Panicking reports whether it is called, by however many calls, from a
// deferred function that runs because of a panic.
func Panicking() bool {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for {
		frame, more := frames.Next()
		if frame.Function == "runtime.gopanic" {
			return true
		}
		if !more {
			return false
		}
	}
}
