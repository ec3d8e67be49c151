// Command matrixmultiply multiplies square matrices.
package main

import "fmt"

const size = 320

type number interface{ ~float64 | ~int64 }

type matrix[T number] struct {
	size  int
	cells []T
}

func fromFunc[T number](size int, cell func(row, column int) T) matrix[T] {
	cells := make([]T, 0, size*size)
	for row := range size {
		for column := range size {
			cells = append(cells, cell(row, column))
		}
	}
	return matrix[T]{size, cells}
}

func (m matrix[T]) row(row int) []T { return m.cells[row*m.size : (row+1)*m.size] }

func (m matrix[T]) times(other matrix[T]) matrix[T] {
	cells := make([]T, m.size*m.size)
	for row := range m.size {
		out := cells[row*m.size : (row+1)*m.size]
		for k, factor := range m.row(row) {
			for column, cell := range other.row(k) {
				out[column] += factor * cell
			}
		}
	}
	return matrix[T]{m.size, cells}
}

func (m matrix[T]) trace() T {
	var sum T
	for i := range m.size {
		sum += m.cells[i*m.size+i]
	}
	return sum
}

func main() {
	a := fromFunc(size, func(row, column int) float64 { return float64(row*3+column) / size })
	b := fromFunc(size, func(row, column int) float64 { return (float64(row) - float64(column)) / size })
	fmt.Printf("%.6f\n", a.times(b).times(a).trace())
	c := fromFunc(size, func(row, column int) int64 { return int64(row * column % 7) })
	fmt.Println(c.times(c).times(c).trace())
}
