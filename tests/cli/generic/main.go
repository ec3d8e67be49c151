// Hand-written Go that instantiates what rgo emits.
package main

import (
	"errors"
	"fmt"

	"example.com/m/report"
	"example.com/m/shapes"
)

type circle struct{ radius float64 }

func (c circle) Area() float64 { return 3 * c.radius * c.radius }
func (circle) Name() string    { return "circle" }

func main() {
	stack := shapes.NewStack[string]()
	stack.Push("a")
	stack.Push("bc")
	fmt.Println(*stack.Peek(), shapes.StackContains(&stack, new("a")))
	lengths := shapes.StackMap(stack, func(text string) int { return len(text) })
	fmt.Println(lengths.Pop())

	fmt.Println(shapes.LargestArea([]circle{{1}, {2}}), shapes.LargestArea([]*shapes.Square{{Side: 3}}))
	fmt.Println(shapes.Describe(&circle{1}), shapes.LargestArea([]shapes.Shape{circle{1}, &shapes.Square{Side: 2}}))

	counter := shapes.NewCounter[[2]int]()
	counter.Add([2]int{1, 2})
	fmt.Println(counter.Add([2]int{1, 2}), *counter.MostFrequent())

	fmt.Println(*shapes.Largest([]string{"a", "c", "b"}), shapes.Clamped([]float64{-1, 0.5, 2}, 0, 1))
	fmt.Println(shapes.Retry(2, func(number uint32) (string, error, bool) {
		return "third", errors.New("not yet"), number == 2
	}))
	numbers := shapes.Numbers()
	fmt.Println(numbers.Show())

	reversed := report.Reversed(lengths)
	fmt.Println(reversed.Pop())
	tree := report.TreeOf([]rune("rgo"))
	fmt.Println(tree.Depth(), tree.Tag == shapes.TreeNode)
	pairs := report.Numbered([]string{"x", "y"})
	last, ok := pairs.Pop()
	fmt.Println(last.F0, last.F1, ok)
}
