// Command fannkuch counts pancake flips.
package main

import (
	"fmt"
	"slices"
)

const size = 9

func fannkuch(n int) (checksum, most int32) {
	permutation := make([]int, n)
	for i := range permutation {
		permutation[i] = i
	}
	work := make([]int, n)
	count := make([]int, n)
	turn := 0
	r := n
	for {
		for r != 1 {
			count[r-1] = r
			r--
		}
		copy(work, permutation)
		var flips int32
		for {
			first := work[0]
			if first == 0 {
				break
			}
			slices.Reverse(work[:first+1])
			flips++
		}
		most = max(most, flips)
		if turn%2 == 0 {
			checksum += flips
		} else {
			checksum -= flips
		}
		for {
			if r == n {
				return checksum, most
			}
			first := permutation[0]
			for i := range r {
				permutation[i] = permutation[i+1]
			}
			permutation[r] = first
			count[r]--
			if count[r] > 0 {
				break
			}
			r++
		}
		turn++
	}
}

func main() {
	for n := 7; n <= size+1; n++ {
		checksum, most := fannkuch(n)
		fmt.Printf("%d\nPfannkuchen(%d) = %d\n", checksum, n, most)
	}
}
