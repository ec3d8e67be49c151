package rgort

//rgo:piece arith

// Signed is any signed integer.
type Signed interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int
}

// Unsigned is any unsigned integer but usize, whose Go form is int.
type Unsigned interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint
}

// Add is a + b, checked.
func Add[T Signed](a, b T) T {
	sum := a + b
	if (sum < a) != (b < 0) {
		panic("attempt to add with overflow")
	}
	return sum
}

// AddU is a + b, checked.
func AddU[T Unsigned](a, b T) T {
	sum := a + b
	if sum < a {
		panic("attempt to add with overflow")
	}
	return sum
}

// AddUsize is a + b of usize values, checked.
func AddUsize(a, b int) int {
	return int(AddU(uint(a), uint(b)))
}

// Sub is a - b, checked.
func Sub[T Signed](a, b T) T {
	difference := a - b
	if (difference > a) != (b < 0) {
		panic("attempt to subtract with overflow")
	}
	return difference
}

// SubU is a - b, checked.
func SubU[T Unsigned](a, b T) T {
	if a < b {
		panic("attempt to subtract with overflow")
	}
	return a - b
}

// SubUsize is a - b of usize values, checked.
func SubUsize(a, b int) int {
	if uint(a) < uint(b) {
		panic("attempt to subtract with overflow")
	}
	return a - b
}

// Mul is a * b, checked.
func Mul[T Signed](a, b T) T {
	product := a * b
	if a != 0 && (product/a != b || (a == -1 && b < 0 && product < 0)) {
		panic("attempt to multiply with overflow")
	}
	return product
}

// MulU is a * b, checked.
func MulU[T Unsigned](a, b T) T {
	product := a * b
	if a != 0 && product/a != b {
		panic("attempt to multiply with overflow")
	}
	return product
}

// MulUsize is a * b of usize values, checked.
func MulUsize(a, b int) int {
	return int(MulU(uint(a), uint(b)))
}

// Neg is -a, checked.
func Neg[T Signed](a T) T {
	if a < 0 && -a == a {
		panic("attempt to negate with overflow")
	}
	return -a
}

// Div is a / b; the quotient of the least value and -1 does not fit.
func Div[T Signed](a, b T) T {
	if b == 0 {
		panic("attempt to divide by zero")
	}
	if b == -1 && a < 0 && -a == a {
		panic("attempt to divide with overflow")
	}
	return a / b
}

// Rem is a % b; that of the least value and -1 is an overflow.
func Rem[T Signed](a, b T) T {
	if b == 0 {
		panic("attempt to calculate the remainder with a divisor of zero")
	}
	if b == -1 && a < 0 && -a == a {
		panic("attempt to calculate the remainder with overflow")
	}
	return a % b
}

// RemU is a % b, with Rust's message where b is zero.
func RemU[T Unsigned](a, b T) T {
	if b == 0 {
		panic("attempt to calculate the remainder with a divisor of zero")
	}
	return a % b
}

// RemUsize is a % b of usize values, with Rust's message where b is zero.
func RemUsize(a, b int) int {
	return int(RemU(uint(a), uint(b)))
}

// Shift is the count of a shift in a type of the given width, checked.
func Shift[T Signed | Unsigned](count T, width uint, left bool) uint {
	if count < 0 || uint64(count) >= uint64(width) {
		if left {
			panic("attempt to shift left with overflow")
		}
		panic("attempt to shift right with overflow")
	}
	return uint(count)
}
