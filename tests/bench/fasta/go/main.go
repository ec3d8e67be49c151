// Command fasta writes pseudo-random sequences.
package main

import (
	"fmt"
	"strings"
)

const (
	length  = 500_000
	line    = 60
	modulus = 139_968
)

type random struct{ last uint32 }

func (r *random) next() float64 {
	r.last = (r.last*3877 + 29573) % modulus
	return float64(r.last) / modulus
}

type weighted struct {
	letter rune
	upTo   float64
}

type share struct {
	letter rune
	share  float64
}

func cumulative(letters []share) []weighted {
	table := make([]weighted, 0, len(letters))
	sum := 0.0
	for _, l := range letters {
		sum += l.share
		table = append(table, weighted{l.letter, sum})
	}
	return table
}

func randomSequence(out *strings.Builder, table []weighted, length int, r *random) {
	for at := range length {
		wanted := r.next()
		found := '?'
		for _, entry := range table {
			if wanted < entry.upTo {
				found = entry.letter
				break
			}
		}
		out.WriteRune(found)
		if at%line == line-1 || at == length-1 {
			out.WriteByte('\n')
		}
	}
}

func repeatedSequence(out *strings.Builder, pattern string, length int) {
	at := 0
	for at < length {
		for _, letter := range pattern {
			if at == length {
				break
			}
			out.WriteRune(letter)
			if at%line == line-1 || at == length-1 {
				out.WriteByte('\n')
			}
			at++
		}
	}
}

func main() {
	const alu = "GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGGGAGGCCGAGGCGGGCGGATCACCTGAGG"
	iub := cumulative([]share{{'a', 0.27}, {'c', 0.12}, {'g', 0.12}, {'t', 0.27}, {'B', 0.02}, {'D', 0.02}, {'H', 0.02}, {'K', 0.02}})
	homo := cumulative([]share{{'a', 0.3029549426680}, {'c', 0.1979883004921}, {'g', 0.1975473066391}, {'t', 0.3015094502008}})
	r := &random{42}
	var b strings.Builder
	b.WriteString(">ONE Homo sapiens alu\n")
	repeatedSequence(&b, alu, length*2)
	b.WriteString(">TWO IUB ambiguity codes\n")
	randomSequence(&b, iub, length*3, r)
	b.WriteString(">THREE Homo sapiens frequency\n")
	randomSequence(&b, homo, length*5, r)
	out := b.String()
	var checksum uint32
	for i := range len(out) {
		checksum = checksum*31 + uint32(out[i])
	}
	fmt.Println(len(out), checksum)
}
