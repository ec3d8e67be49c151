package rgort

import "math"

//rgo:piece math

// FMA32 is x*y + z, rounded once to a float32.
func FMA32(x, y, z float32) float32 {
	product := float64(x) * float64(y)
	sum := product + float64(z)
	// The sum of two float64 is inexact only by its own rounding: rounding to
	// odd before the last step keeps the second rounding from being a tie.
	if bits := math.Float64bits(sum); bits&1 == 0 && !math.IsInf(sum, 0) {
		if err := twoSumError(product, float64(z), sum); err != 0 {
			if (err > 0) == (sum > 0) {
				bits++
			} else {
				bits--
			}
			sum = math.Float64frombits(bits)
		}
	}
	return float32(sum)
}

// twoSumError is what the sum of a and b lost by rounding (Knuth's TwoSum).
func twoSumError(a, b, sum float64) float64 {
	bb := sum - a
	return (a - (sum - bb)) + (b - bb)
}

// Exp is the power of e.
func Exp(x float64) float64 { return math.Exp(x) }

// Exp2 is the power of 2.
func Exp2(x float64) float64 { return math.Exp2(x) }

// Expm1 is the power of e, less 1.
func Expm1(x float64) float64 { return math.Expm1(x) }

// Log is the natural logarithm.
func Log(x float64) float64 { return math.Log(x) }

// Log1p is the natural logarithm of 1+x.
func Log1p(x float64) float64 { return math.Log1p(x) }

// Log2 is the logarithm to the base 2.
func Log2(x float64) float64 { return math.Log2(x) }

// Log10 is the logarithm to the base 10.
func Log10(x float64) float64 { return math.Log10(x) }

// Pow is x to the power of y.
func Pow(x, y float64) float64 { return math.Pow(x, y) }

// Cbrt is the cube root.
func Cbrt(x float64) float64 { return math.Cbrt(x) }

// Hypot is the length of the hypotenuse.
func Hypot(x, y float64) float64 { return math.Hypot(x, y) }

// Sin is the sine.
func Sin(x float64) float64 { return math.Sin(x) }

// Cos is the cosine.
func Cos(x float64) float64 { return math.Cos(x) }

// Tan is the tangent.
func Tan(x float64) float64 { return math.Tan(x) }

// Asin is the arc sine.
func Asin(x float64) float64 { return math.Asin(x) }

// Acos is the arc cosine.
func Acos(x float64) float64 { return math.Acos(x) }

// Atan is the arc tangent.
func Atan(x float64) float64 { return math.Atan(x) }

// Atan2 is the angle of the point (x, y).
func Atan2(y, x float64) float64 { return math.Atan2(y, x) }

// Sinh is the hyperbolic sine.
func Sinh(x float64) float64 { return math.Sinh(x) }

// Cosh is the hyperbolic cosine.
func Cosh(x float64) float64 { return math.Cosh(x) }

// Tanh is the hyperbolic tangent.
func Tanh(x float64) float64 { return math.Tanh(x) }
