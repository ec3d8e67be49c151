// Command lru exercises a cache that forgets what was used least recently.
package main

import "fmt"

const (
	capacity = 1000
	requests = 2_000_000
	none     = -1
)

type slot struct {
	key          uint32
	value        uint64
	newer, older int
}

type cache struct {
	slots          []slot
	index          map[uint32]int
	newest, oldest int
	capacity       int
}

func newCache(capacity int) *cache {
	return &cache{slots: make([]slot, 0, capacity), index: make(map[uint32]int, capacity), newest: none, oldest: none, capacity: capacity}
}

func (c *cache) get(key uint32) (uint64, bool) {
	at, ok := c.index[key]
	if !ok {
		return 0, false
	}
	c.unlink(at)
	c.linkNewest(at)
	return c.slots[at].value, true
}

func (c *cache) put(key uint32, value uint64) {
	if at, ok := c.index[key]; ok {
		c.slots[at].value = value
		c.unlink(at)
		c.linkNewest(at)
		return
	}
	s := slot{key, value, none, none}
	var at int
	if c.oldest != none && len(c.slots) == c.capacity {
		at = c.oldest
		c.unlink(at)
		delete(c.index, c.slots[at].key)
		c.slots[at] = s
	} else {
		c.slots = append(c.slots, s)
		at = len(c.slots) - 1
	}
	c.index[key] = at
	c.linkNewest(at)
}

func (c *cache) unlink(at int) {
	newer, older := c.slots[at].newer, c.slots[at].older
	if newer != none {
		c.slots[newer].older = older
	} else {
		c.newest = older
	}
	if older != none {
		c.slots[older].newer = newer
	} else {
		c.oldest = newer
	}
}

func (c *cache) linkNewest(at int) {
	c.slots[at].newer = none
	c.slots[at].older = c.newest
	if c.newest != none {
		c.slots[c.newest].newer = at
	} else {
		c.oldest = at
	}
	c.newest = at
}

func main() {
	c := newCache(capacity)
	var hits uint32
	var sum uint64
	state := uint32(1)
	for range requests {
		state = state*1_664_525 + 1_013_904_223
		key := (state >> 16) % 1500
		if value, ok := c.get(key); ok {
			hits++
			sum += value
		} else {
			c.put(key, uint64(key)*3)
		}
	}
	fmt.Println(hits, sum)
}
