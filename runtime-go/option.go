package rgort

//rgo:piece option

// Option is a value that may be absent, where it is stored. A function returns
// (T, bool) instead.
type Option[T any] struct {
	Val  T
	Some bool
}

// Some is an option that holds v.
func Some[T any](v T) Option[T] {
	return Option[T]{Val: v, Some: true}
}

// OptionOf is the stored form of v, ok.
func OptionOf[T any](v T, ok bool) Option[T] {
	return Option[T]{Val: v, Some: ok}
}

// Get is the returned form of the option.
func (o Option[T]) Get() (T, bool) {
	return o.Val, o.Some
}
