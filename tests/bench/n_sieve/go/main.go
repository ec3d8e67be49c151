// Command nsieve counts primes.
package main

import "fmt"

const n = 5_000_000

func primesBelow(limit int) int {
	isPrime := make([]bool, limit)
	for i := range isPrime {
		isPrime[i] = true
	}
	count := 0
	for candidate := 2; candidate < limit; candidate++ {
		if !isPrime[candidate] {
			continue
		}
		count++
		for multiple := candidate + candidate; multiple < limit; multiple += candidate {
			isPrime[multiple] = false
		}
	}
	return count
}

func main() {
	for _, limit := range []int{n, n / 2, n / 4} {
		fmt.Printf("Primes up to %8d %8d\n", limit, primesBelow(limit))
	}
}
