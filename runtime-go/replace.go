package rgort

//rgo:piece replace

// Replace puts v in place and returns what was there.
func Replace[T any](place *T, v T) T {
	old := *place
	*place = v
	return old
}
