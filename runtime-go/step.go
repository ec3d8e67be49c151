package rgort

//rgo:piece step

// Counter is any integer of 64 bits.
type Counter interface {
	~int64 | ~int | ~uint64
}

// Step is i + by, or end where that lies no further.
func Step[T Counter](i T, by int, end T) T {
	if uint64(end)-uint64(i) <= uint64(by) {
		return end
	}
	return i + T(by)
}

// StepUp is i + by, and whether that is within last.
func StepUp[T Counter](i T, by int, last T) (T, bool) {
	return i + T(by), uint64(last)-uint64(i) >= uint64(by)
}

// StepDown is i - by, and whether that is within last.
func StepDown[T Counter](i T, by int, last T) (T, bool) {
	return i - T(by), uint64(i)-uint64(last) >= uint64(by)
}
