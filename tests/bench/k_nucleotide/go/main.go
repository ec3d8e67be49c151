// Command knucleotide counts substrings.
package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

const length = 500_000

func sequence() string {
	state := uint32(42)
	var out strings.Builder
	out.Grow(length)
	for range length {
		state = (state*3877 + 29573) % 139_968
		out.WriteByte("ACGT"[state*4/139_968])
	}
	return out.String()
}

func counts(sequence string, size int) map[string]uint32 {
	counts := make(map[string]uint32)
	for start := 0; start <= len(sequence)-size; start++ {
		counts[sequence[start:start+size]]++
	}
	return counts
}

type entry struct {
	part  string
	count uint32
}

func main() {
	s := sequence()
	for _, size := range []int{1, 2} {
		var found []entry
		for part, count := range counts(s, size) {
			found = append(found, entry{part, count})
		}
		slices.SortFunc(found, func(a, b entry) int {
			if c := cmp.Compare(b.count, a.count); c != 0 {
				return c
			}
			return strings.Compare(a.part, b.part)
		})
		for _, e := range found {
			fmt.Printf("%s %.3f\n", e.part, float64(e.count)*100/float64(len(s)+1-size))
		}
		fmt.Println()
	}
	for _, part := range []string{"GGT", "GGTA", "GGTATT", "GGTATTTTAATT"} {
		fmt.Printf("%d\t%s\n", counts(s, len(part))[part], part)
	}
}
