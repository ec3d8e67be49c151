package rgort

//rgo:piece result

// Result is a value or an error of type E, where it is stored, or where E is
// not a Go error. A function returns (T, error) instead where it can.
type Result[T, E any] struct {
	Val T
	Err E
	OK  bool
}

// Ok is a result that holds a value.
func Ok[T, E any](v T) Result[T, E] {
	return Result[T, E]{Val: v, OK: true}
}

// Err is a result that holds an error.
func Err[T, E any](err E) Result[T, E] {
	return Result[T, E]{Err: err}
}

// ResultOf is the stored form of v, err.
func ResultOf[T any](v T, err error) Result[T, error] {
	return Result[T, error]{Val: v, Err: err, OK: err == nil}
}
