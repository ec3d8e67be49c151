package rgort

//rgo:piece found

// Found is the position i of what was looked for, if that was found: i is
// below zero where it was not.
func Found(i int) (int, bool) {
	return max(i, 0), i >= 0
}
