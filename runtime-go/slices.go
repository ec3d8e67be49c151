package rgort

import "slices"

//rgo:piece slices

// Pop removes the last item of s, if there is one.
func Pop[T any](s *[]T) (item T, ok bool) {
	if len(*s) == 0 {
		return item, false
	}
	return PopLast(s), true
}

// PopLast removes the last item of s, of which there is one.
func PopLast[T any](s *[]T) T {
	var zero T
	last := len(*s) - 1
	item := (*s)[last]
	(*s)[last] = zero
	*s = (*s)[:last]
	return item
}

// PopFront removes the first item of s, if there is one; its place is not used
// again.
func PopFront[T any](s *[]T) (item T, ok bool) {
	if len(*s) == 0 {
		return item, false
	}
	var zero T
	item = (*s)[0]
	(*s)[0] = zero
	*s = (*s)[1:]
	return item, true
}

// RemoveAt removes the item at an index.
func RemoveAt[T any](s *[]T, index int) T {
	item := (*s)[index]
	*s = slices.Delete(*s, index, index+1)
	return item
}

// TakeTail moves the items from an index on to a slice of their own.
func TakeTail[T any](s *[]T, from int) []T {
	tail := slices.Clone((*s)[from:])
	clear((*s)[from:])
	*s = (*s)[:from]
	return tail
}

// TakeRange moves the items of a range to a slice of their own.
func TakeRange[T any](s *[]T, start, end int) []T {
	taken := slices.Clone((*s)[start:end])
	*s = slices.Delete(*s, start, end)
	return taken
}

// Rotate moves the first n items of s behind the others.
func Rotate[T any](s []T, n int) {
	slices.Reverse(s[:n])
	slices.Reverse(s[n:])
	slices.Reverse(s)
}

// Take moves the item out of a place of s.
func Take[T any](s *[]T, i int) T {
	var zero T
	item := (*s)[i]
	(*s)[i] = zero
	return item
}

// DropEach drops the items in order. Where a destructor panics, those after its
// item are dropped all the same.
func DropEach[T any](items []T, drop func(*T)) {
	next := 0
	defer func() {
		if next < len(items) {
			DropEach(items[next:], drop)
		}
	}()
	for next < len(items) {
		item := &items[next]
		next++
		drop(item)
	}
}
