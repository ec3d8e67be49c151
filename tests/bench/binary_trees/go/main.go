// Command binarytrees allocates and drops many small trees.
package main

import "fmt"

const maxDepth = 15

type tree struct{ left, right *tree }

func grow(depth uint32) tree {
	if depth == 0 {
		return tree{}
	}
	left, right := grow(depth-1), grow(depth-1)
	return tree{&left, &right}
}

func count(t *tree) uint32 {
	if t.left == nil || t.right == nil {
		return 1
	}
	return 1 + count(t.left) + count(t.right)
}

func main() {
	stretch := grow(maxDepth + 1)
	fmt.Printf("stretch tree of depth %d\t check: %d\n", maxDepth+1, count(&stretch))
	longLived := grow(maxDepth)
	for depth := uint32(4); depth <= maxDepth; depth += 4 {
		rounds := 1 << (maxDepth - depth + 4)
		var total uint32
		for range rounds {
			t := grow(depth)
			total += count(&t)
		}
		fmt.Printf("%d\t trees of depth %d\t check: %d\n", rounds, depth, total)
	}
	fmt.Printf("long lived tree of depth %d\t check: %d\n", maxDepth, count(&longLived))
}
