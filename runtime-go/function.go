package rgort

import "reflect"

//rgo:piece function

// FuncAddress is where the code of a function begins.
func FuncAddress(f any) int {
	return int(reflect.ValueOf(f).Pointer())
}
