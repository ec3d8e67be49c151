// Command spectralnorm computes the spectral norm of an infinite matrix's corner.
package main

import (
	"fmt"
	"math"
)

const size = 700

func entry(i, j int) float64 {
	return 1 / float64((i+j)*(i+j+1)/2+i+1)
}

func times(v, out []float64) {
	for i := range out {
		var sum float64
		for j, x := range v {
			sum += entry(i, j) * x
		}
		out[i] = sum
	}
}

func timesTransposed(v, out []float64) {
	for i := range out {
		var sum float64
		for j, x := range v {
			sum += entry(j, i) * x
		}
		out[i] = sum
	}
}

func dot(a, b []float64) float64 {
	var sum float64
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

func main() {
	u := make([]float64, size)
	for i := range u {
		u[i] = 1
	}
	v := make([]float64, size)
	scratch := make([]float64, size)
	for range 10 {
		times(u, scratch)
		timesTransposed(scratch, v)
		times(v, scratch)
		timesTransposed(scratch, u)
	}
	fmt.Printf("%.9f\n", math.Sqrt(dot(u, v)/dot(v, v)))
}
