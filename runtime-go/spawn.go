package rgort

import (
	"bytes"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

//rgo:piece spawn needs panic

// Thread is a goroutine that rgo code may look at.
type Thread struct {
	Name   string // empty where it has none
	ID     uint64
	parked chan struct{}
}

// Park waits until Unpark was called since the last Park.
func (t *Thread) Park() {
	<-t.parked
}

// ParkFor is Park for at most d.
func (t *Thread) ParkFor(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-t.parked:
	case <-timer.C:
	}
}

// Unpark lets the next Park, or the one that waits, go on.
func (t *Thread) Unpark() {
	select {
	case t.parked <- struct{}{}:
	default:
	}
}

var (
	threads    sync.Map // of goroutine number to *Thread
	lastThread atomic.Uint64
)

// NewThread is a thread that no goroutine runs yet.
func NewThread(name string) *Thread {
	return &Thread{Name: name, ID: lastThread.Add(1), parked: make(chan struct{}, 1)}
}

// mainThread is the goroutine of the function main, whose number is 1.
var mainThread = NewThread("main")

// CurrentThread is the thread that runs.
func CurrentThread() *Thread {
	number := goroutine()
	if number == 1 {
		return mainThread
	}
	if t, ok := threads.Load(number); ok {
		return t.(*Thread)
	}
	t, _ := threads.LoadOrStore(number, NewThread(""))
	return t.(*Thread)
}

// goroutine is the number of the running goroutine, from the head of its
// stack trace.
func goroutine() uint64 {
	var buf [64]byte
	head := bytes.TrimPrefix(buf[:runtime.Stack(buf[:], false)], []byte("goroutine "))
	digits, _, _ := bytes.Cut(head, []byte(" "))
	number, _ := strconv.ParseUint(string(digits), 10, 64)
	return number
}

// Handle is a goroutine that can be waited for.
type Handle[T any] struct {
	Thread *Thread
	done   chan struct{}
	value  T
	ok     bool
	joined atomic.Bool
	panic  any
}

func newHandle[T any](name string) *Handle[T] {
	return &Handle[T]{Thread: NewThread(name), done: make(chan struct{})}
}

// Spawn runs f in a goroutine of its own. A panic of f ends only that
// goroutine; whoever joins it learns of it.
func Spawn[T any](name string, f func() T) *Handle[T] {
	h := newHandle[T](name)
	go h.run(f)
	return h
}

// Go is Spawn for a function that returns nothing.
func Go(f func()) *Handle[struct{}] {
	return Spawn("", func() struct{} {
		f()
		return struct{}{}
	})
}

func (h *Handle[T]) run(f func() T) {
	number := goroutine()
	threads.Store(number, h.Thread)
	defer func() {
		threads.Delete(number)
		if !h.ok {
			h.panic = recover()
			report(h.Thread, h.panic)
		}
		close(h.done)
	}()
	h.value = f()
	h.ok = true
}

// Join waits for the goroutine to end; it reports whether it returned a value.
func (h *Handle[T]) Join() (T, bool) {
	<-h.done
	h.joined.Store(true)
	return h.value, h.ok
}

// Wait is Join for who takes it that the goroutine returns: it panics where that
// panicked.
func (h *Handle[T]) Wait() T {
	value, ok := h.Join()
	if !ok {
		panic(NewPanic("called `Result::unwrap()` on an `Err` value: Any { .. }"))
	}
	return value
}

// Finished reports whether the goroutine has ended.
func (h *Handle[T]) Finished() bool {
	select {
	case <-h.done:
		return true
	default:
		return false
	}
}

// Panic is what the goroutine panicked with, after Join.
func (h *Handle[T]) Panic() any {
	return h.panic
}

// Try calls f and catches its panic.
func Try[T any](f func() T) (value T, caught any, ok bool) {
	defer func() {
		if !ok {
			caught = recover()
			report(CurrentThread(), caught)
		}
	}()
	return f(), nil, true
}

// report prints that a thread panicked, unless that was reported before.
func report(t *Thread, r any) {
	if p, ok := r.(*Panic); ok && p.Resumed {
		return
	}
	name := t.Name
	if name == "" {
		name = "<unnamed>"
	}
	ReportPanic(name, r)
}

// PayloadKind says what the payload of a panic is: 0 for text that stood in the
// program, 1 for text that was formatted, 2 for something else.
func PayloadKind(r any) int {
	switch r := r.(type) {
	case string:
		return 0
	case *Panic:
		if r.Payload != nil {
			return 2
		}
	case runtime.Error:
		if r.Error() == "runtime error: integer divide by zero" {
			return 0
		}
	}
	return 1
}

// PanicAny panics with a payload that is not text.
func PanicAny(payload any) {
	panic(&Panic{Message: "Box<dyn Any>", Payload: payload})
}

// Resume panics with a payload again, without a report.
func Resume(payload any) {
	panic(&Panic{Message: "Box<dyn Any>", Payload: payload, Resumed: true})
}
