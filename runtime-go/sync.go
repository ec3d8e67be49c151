package rgort

import (
	"sync"
	"time"
)

//rgo:piece sync

// Cond is a condition variable whose wait may end after a time. Its zero value
// has nobody waiting.
type Cond struct {
	mu      sync.Mutex
	waiting []chan struct{}
}

// Wait unlocks mu, waits to be notified, and locks mu again.
func (c *Cond) Wait(mu *sync.Mutex) {
	woken := c.enter()
	mu.Unlock()
	<-woken
	mu.Lock()
}

// WaitFor is Wait for at most d; it reports whether it was notified.
func (c *Cond) WaitFor(mu *sync.Mutex, d time.Duration) bool {
	woken := c.enter()
	mu.Unlock()
	defer mu.Lock()
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-woken:
		return true
	case <-timer.C:
		return !c.leave(woken)
	}
}

func (c *Cond) enter() chan struct{} {
	woken := make(chan struct{})
	c.mu.Lock()
	c.waiting = append(c.waiting, woken)
	c.mu.Unlock()
	return woken
}

// leave reports whether woken was still waiting.
func (c *Cond) leave(woken chan struct{}) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, other := range c.waiting {
		if other == woken {
			c.waiting = append(c.waiting[:i], c.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// NotifyOne wakes who has waited longest.
func (c *Cond) NotifyOne() {
	c.mu.Lock()
	if len(c.waiting) > 0 {
		close(c.waiting[0])
		c.waiting = c.waiting[1:]
	}
	c.mu.Unlock()
}

// NotifyAll wakes all who wait.
func (c *Cond) NotifyAll() {
	c.mu.Lock()
	for _, woken := range c.waiting {
		close(woken)
	}
	c.waiting = nil
	c.mu.Unlock()
}
