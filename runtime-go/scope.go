package rgort

import (
	"sync"
	"sync/atomic"
)

//rgo:piece scope needs spawn

// Scope is where goroutines are started that end before it does.
type Scope struct {
	running sync.WaitGroup
	mu      sync.Mutex
	failed  []*atomic.Bool // of each goroutine that panicked, whether it was joined
}

// RunScope calls f with a scope and waits for the goroutines that are started
// there, even where f panics. It panics where one of them did that nobody joined.
func RunScope(f func(*Scope)) {
	s := new(Scope)
	func() {
		defer s.running.Wait()
		f(s)
	}()
	for _, joined := range s.failed {
		if !joined.Load() {
			panic("a scoped thread panicked")
		}
	}
}

// InScope is RunScope for a function that returns something.
func InScope[T any](f func(*Scope) T) (value T) {
	RunScope(func(s *Scope) { value = f(s) })
	return value
}

// Go runs f in a goroutine of the scope.
func (s *Scope) Go(f func()) *Handle[struct{}] {
	return SpawnIn(s, "", func() struct{} {
		f()
		return struct{}{}
	})
}

// SpawnIn runs f in a goroutine of the scope.
func SpawnIn[T any](s *Scope, name string, f func() T) *Handle[T] {
	h := newHandle[T](name)
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		h.run(f)
		if !h.ok {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.failed = append(s.failed, &h.joined)
		}
	}()
	return h
}
