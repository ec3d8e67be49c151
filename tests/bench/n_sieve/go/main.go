// Command nsieve counts primes.
package main

import "fmt"

const n = 5_000_000

func primesBelow(limit int) int {
	composite := make([]bool, limit)
	count := 0
	for candidate := 2; candidate < limit; candidate++ {
		if composite[candidate] {
			continue
		}
		count++
		for multiple := candidate + candidate; multiple < limit; multiple += candidate {
			composite[multiple] = true
		}
	}
	return count
}

func main() {
	for _, limit := range []int{n, n / 2, n / 4} {
		fmt.Printf("Primes up to %8d %8d\n", limit, primesBelow(limit))
	}
}
