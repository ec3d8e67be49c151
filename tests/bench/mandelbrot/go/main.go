// Command mandelbrot draws the Mandelbrot set into a bitmap.
package main

import "fmt"

const (
	size  = 1000
	limit = 50
)

func inside(cr, ci float64) bool {
	var zr, zi, tr, ti float64
	for range limit {
		zi = 2*zr*zi + ci
		zr = tr - ti + cr
		tr = zr * zr
		ti = zi * zi
		if tr+ti > 4 {
			return false
		}
	}
	return true
}

func main() {
	bitmap := make([]byte, 0, size*size/8)
	count := 0
	for y := range size {
		ci := 2*float64(y)/size - 1
		var b byte
		for x := range size {
			cr := 2*float64(x)/size - 1.5
			b <<= 1
			if inside(cr, ci) {
				b |= 1
				count++
			}
			if x%8 == 7 {
				bitmap = append(bitmap, b)
				b = 0
			}
		}
	}
	var checksum uint32
	for _, b := range bitmap {
		checksum = checksum*31 + uint32(b)
	}
	fmt.Println(count, checksum)
}
