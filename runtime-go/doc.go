// Package rgort holds the few things that Go code emitted by rgo needs and Go
// has no form of its own for.
//
// A module gets only the files it uses, in its internal/rgort. Each file is one
// piece: a comment line
//
//	//rgo:piece name needs other another
//
// names it and the pieces that it needs. Files without that line stay here.
package rgort
