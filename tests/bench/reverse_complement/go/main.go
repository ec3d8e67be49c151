// Command reversecomplement reverses and complements a sequence.
package main

import (
	"fmt"
	"math/bits"
	"slices"
)

const length = 2_000_000

func complement(base byte) byte {
	switch base {
	case 'A':
		return 'T'
	case 'C':
		return 'G'
	case 'G':
		return 'C'
	case 'T':
		return 'A'
	}
	return base
}

func reverseComplement(sequence []byte) {
	low, high := 0, len(sequence)
	for low+1 < high {
		high--
		last := complement(sequence[high])
		sequence[high] = complement(sequence[low])
		sequence[low] = last
		low++
	}
	if low < high {
		sequence[low] = complement(sequence[low])
	}
}

func main() {
	const letters = "ACGTN"
	state := uint32(7)
	sequence := make([]byte, 0, length)
	for range length {
		state = state*1_664_525 + 1_013_904_223
		sequence = append(sequence, letters[int(state>>24)%len(letters)])
	}
	for range 9 {
		reverseComplement(sequence)
	}
	count, total := 0, uint32(0)
	for line := range slices.Chunk(sequence, 60) {
		var sum uint32
		for _, b := range line {
			sum = sum*5%1_000_003 + uint32(b)
		}
		count++
		total ^= bits.RotateLeft32(sum, 3)
	}
	fmt.Println(count, total)
}
