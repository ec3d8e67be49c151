package rgort

//rgo:piece convert

// BoolTo is 1 for true and 0 for false.
func BoolTo[T ~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64](b bool) T {
	if b {
		return 1
	}
	return 0
}

// SameSlice reports whether two slices begin at the same place and are equally
// long.
func SameSlice[T any](a, b []T) bool {
	if len(a) != len(b) {
		return false
	}
	return len(a) == 0 || &a[0] == &b[0]
}
