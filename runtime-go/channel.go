package rgort

import (
	"sync"
	"time"
)

//rgo:piece channel

// Channel is a queue of many senders and one receiver, either of which learns
// when the other side is gone.
type Channel[T any] struct {
	mu       sync.Mutex
	queue    []T
	capacity int // -1 for no bound
	senders  int
	closed   bool // the receiver is gone
	taken    int  // how many items were ever received
	sent     int  // how many items were ever sent
	space    sync.Cond
	ready    chan struct{} // holds a token when there may be news for the receiver
}

// NewChannel is a channel with one sender. A capacity of -1 is no bound; with a
// capacity of 0 a sender waits until its item is received.
func NewChannel[T any](capacity int) *Channel[T] {
	c := &Channel[T]{capacity: capacity, senders: 1, ready: make(chan struct{}, 1)}
	c.space.L = &c.mu
	return c
}

// Status is how sending or receiving ended.
type Status uint8

// The ways in which sending or receiving ends.
const (
	Done         Status = iota // it happened
	Blocked                    // it would have to wait, or waited too long
	Disconnected               // the other side is gone
)

// Send sends an item, waiting for room; where the receiver is gone it gives the
// item back and reports true.
func (c *Channel[T]) Send(item T) (back T, gone bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.closed && c.capacity > 0 && len(c.queue) >= c.capacity {
		c.space.Wait()
	}
	if c.closed {
		return item, true
	}
	c.put(item)
	if c.capacity == 0 {
		for mine := c.sent; c.taken < mine; c.space.Wait() {
			if c.closed {
				c.queue = c.queue[:0]
				return item, true
			}
		}
	}
	return back, false
}

// TrySend sends an item if there is room, and gives it back if not.
func (c *Channel[T]) TrySend(item T) (back T, status Status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed:
		return item, Disconnected
	case c.capacity >= 0 && len(c.queue) >= c.capacity:
		return item, Blocked
	}
	c.put(item)
	return back, Done
}

func (c *Channel[T]) put(item T) {
	c.queue = append(c.queue, item)
	c.sent++
	c.wake()
}

func (c *Channel[T]) wake() {
	select {
	case c.ready <- struct{}{}:
	default:
	}
}

// TryRecv receives an item if there is one.
func (c *Channel[T]) TryRecv() (item T, status Status) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 {
		if c.senders == 0 {
			return item, Disconnected
		}
		return item, Blocked
	}
	var zero T
	item = c.queue[0]
	c.queue[0] = zero
	c.queue = c.queue[1:]
	c.taken++
	if c.capacity >= 0 {
		c.space.Broadcast()
	}
	return item, Done
}

// Recv receives an item, waiting for one; it reports whether there was one
// before all senders were gone.
func (c *Channel[T]) Recv() (T, bool) {
	for {
		item, status := c.TryRecv()
		if status != Blocked {
			return item, status == Done
		}
		<-c.ready
	}
}

// RecvFor receives an item, waiting for one for at most d.
func (c *Channel[T]) RecvFor(d time.Duration) (T, Status) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		item, status := c.TryRecv()
		if status != Blocked {
			return item, status
		}
		select {
		case <-c.ready:
		case <-timer.C:
			return c.TryRecv()
		}
	}
}

// AddSender says that there is one more sender.
func (c *Channel[T]) AddSender() {
	c.mu.Lock()
	c.senders++
	c.mu.Unlock()
}

// DropSender says that there is one sender less.
func (c *Channel[T]) DropSender() {
	c.mu.Lock()
	c.senders--
	if c.senders == 0 {
		c.wake()
	}
	c.mu.Unlock()
}

// DropReceiver says that the receiver is gone.
func (c *Channel[T]) DropReceiver() {
	c.mu.Lock()
	c.closed = true
	c.space.Broadcast()
	c.mu.Unlock()
}
