package rgort

//rgo:piece result

// Result is a value or an error of type E, where it is stored. A function
// returns (T, error) instead where E is a Go error.
type Result[T, E any] struct {
	Val T
	Err E
	OK  bool
}

// MakeResult is the stored form of v, err, ok.
func MakeResult[T, E any](v T, err E, ok bool) Result[T, E] {
	return Result[T, E]{Val: v, Err: err, OK: ok}
}

// ResultOf is the stored form of v, err, where every error is an E.
func ResultOf[E error, T any](v T, err error) Result[T, E] {
	if err != nil {
		return Result[T, E]{Err: err.(E)}
	}
	return Result[T, E]{Val: v, OK: true}
}

// ResultOfPointer is the stored form of v, err, where every error is a *E.
func ResultOfPointer[E, T any](v T, err error) Result[T, E] {
	if err != nil {
		return Result[T, E]{Err: *any(err).(*E)}
	}
	return Result[T, E]{Val: v, OK: true}
}

// ResultOfText is the stored form of v, err, where an error is its text.
func ResultOfText[T any](v T, err error) Result[T, string] {
	if err != nil {
		return Result[T, string]{Err: err.Error()}
	}
	return Result[T, string]{Val: v, OK: true}
}
