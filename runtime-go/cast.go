package rgort

import "math"

//rgo:piece cast

// SaturateInt is the whole part of x, or the nearest value of T; 0 for NaN.
func SaturateInt[T int8 | int16 | int32 | int64 | int](x float64) T {
	var least, greatest T
	least = -1
	for least<<1 < least {
		least <<= 1
	}
	greatest = ^least
	switch {
	case math.IsNaN(x):
		return 0
	case x <= float64(least):
		return least
	case x >= float64(greatest):
		return greatest
	}
	return T(x)
}

// SaturateUint is the whole part of x, or the nearest value of T; 0 for NaN.
func SaturateUint[T uint8 | uint16 | uint32 | uint64 | uint](x float64) T {
	greatest := ^T(0)
	switch {
	case math.IsNaN(x) || x <= 0:
		return 0
	case x >= float64(greatest):
		return greatest
	}
	return T(x)
}

// SaturateUsize is the whole part of x as a usize, in its Go form.
func SaturateUsize(x float64) int {
	return int(SaturateUint[uint](x))
}
