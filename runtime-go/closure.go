package rgort

//rgo:piece closure

// Closure is a function together with what it owns, where dropping that does
// something or where the function is copied and its copies can be told apart.
// Any other function is a plain func.
type Closure[F any] struct {
	Call  F
	Free  func()            // drops what the function owns; nil where that is nothing
	Clone func() Closure[F] // makes a copy with a state of its own; nil where nobody asks for one
}

// Drop drops what the function owns.
func (c *Closure[F]) Drop() {
	if c.Free != nil {
		c.Free()
	}
}
