package rgort

//rgo:piece tuple

// Tuple1 is a tuple of one value, where it is stored.
type Tuple1[A any] struct {
	F0 A
}

// Tuple2 is a tuple of 2 values, where it is stored. A function returns them
// one by one.
type Tuple2[A, B any] struct {
	F0 A
	F1 B
}

// MakeTuple2 is the stored form of 2 results.
func MakeTuple2[A, B any](f0 A, f1 B) Tuple2[A, B] {
	return Tuple2[A, B]{F0: f0, F1: f1}
}

// Tuple3 is a tuple of 3 values, where it is stored. A function returns them
// one by one.
type Tuple3[A, B, C any] struct {
	F0 A
	F1 B
	F2 C
}

// MakeTuple3 is the stored form of 3 results.
func MakeTuple3[A, B, C any](f0 A, f1 B, f2 C) Tuple3[A, B, C] {
	return Tuple3[A, B, C]{F0: f0, F1: f1, F2: f2}
}

// Tuple4 is a tuple of 4 values, where it is stored. A function returns them
// one by one.
type Tuple4[A, B, C, D any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
}

// MakeTuple4 is the stored form of 4 results.
func MakeTuple4[A, B, C, D any](f0 A, f1 B, f2 C, f3 D) Tuple4[A, B, C, D] {
	return Tuple4[A, B, C, D]{F0: f0, F1: f1, F2: f2, F3: f3}
}

// Tuple5 is a tuple of 5 values, where it is stored. A function returns them
// one by one.
type Tuple5[A, B, C, D, E any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
}

// MakeTuple5 is the stored form of 5 results.
func MakeTuple5[A, B, C, D, E any](f0 A, f1 B, f2 C, f3 D, f4 E) Tuple5[A, B, C, D, E] {
	return Tuple5[A, B, C, D, E]{F0: f0, F1: f1, F2: f2, F3: f3, F4: f4}
}

// Tuple6 is a tuple of 6 values, where it is stored. A function returns them
// one by one.
type Tuple6[A, B, C, D, E, F any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
}

// MakeTuple6 is the stored form of 6 results.
func MakeTuple6[A, B, C, D, E, F any](f0 A, f1 B, f2 C, f3 D, f4 E, f5 F) Tuple6[A, B, C, D, E, F] {
	return Tuple6[A, B, C, D, E, F]{F0: f0, F1: f1, F2: f2, F3: f3, F4: f4, F5: f5}
}

// Tuple7 is a tuple of 7 values, where it is stored. A function returns them
// one by one.
type Tuple7[A, B, C, D, E, F, G any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
}

// MakeTuple7 is the stored form of 7 results.
func MakeTuple7[A, B, C, D, E, F, G any](f0 A, f1 B, f2 C, f3 D, f4 E, f5 F, f6 G) Tuple7[A, B, C, D, E, F, G] {
	return Tuple7[A, B, C, D, E, F, G]{F0: f0, F1: f1, F2: f2, F3: f3, F4: f4, F5: f5, F6: f6}
}

// Tuple8 is a tuple of 8 values, where it is stored. A function returns them
// one by one.
type Tuple8[A, B, C, D, E, F, G, H any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
	F7 H
}

// MakeTuple8 is the stored form of 8 results.
func MakeTuple8[A, B, C, D, E, F, G, H any](f0 A, f1 B, f2 C, f3 D, f4 E, f5 F, f6 G, f7 H) Tuple8[A, B, C, D, E, F, G, H] {
	return Tuple8[A, B, C, D, E, F, G, H]{F0: f0, F1: f1, F2: f2, F3: f3, F4: f4, F5: f5, F6: f6, F7: f7}
}

// Tuple9 is a tuple of 9 values, where it is stored. A function returns them
// one by one.
type Tuple9[A, B, C, D, E, F, G, H, I any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
	F7 H
	F8 I
}

// MakeTuple9 is the stored form of 9 results.
func MakeTuple9[A, B, C, D, E, F, G, H, I any](f0 A, f1 B, f2 C, f3 D, f4 E, f5 F, f6 G, f7 H, f8 I) Tuple9[A, B, C, D, E, F, G, H, I] {
	return Tuple9[A, B, C, D, E, F, G, H, I]{F0: f0, F1: f1, F2: f2, F3: f3, F4: f4, F5: f5, F6: f6, F7: f7, F8: f8}
}

// Tuple10 is a tuple of 10 values, where it is stored. A function returns them
// one by one.
type Tuple10[A, B, C, D, E, F, G, H, I, J any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
	F7 H
	F8 I
	F9 J
}

// MakeTuple10 is the stored form of 10 results.
func MakeTuple10[A, B, C, D, E, F, G, H, I, J any](f0 A, f1 B, f2 C, f3 D, f4 E, f5 F, f6 G, f7 H, f8 I, f9 J) Tuple10[A, B, C, D, E, F, G, H, I, J] {
	return Tuple10[A, B, C, D, E, F, G, H, I, J]{F0: f0, F1: f1, F2: f2, F3: f3, F4: f4, F5: f5, F6: f6, F7: f7, F8: f8, F9: f9}
}

// Tuple11 is a tuple of 11 values, where it is stored. A function returns them
// one by one.
type Tuple11[A, B, C, D, E, F, G, H, I, J, K any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
}

// MakeTuple11 is the stored form of 11 results.
func MakeTuple11[A, B, C, D, E, F, G, H, I, J, K any](f0 A, f1 B, f2 C, f3 D, f4 E, f5 F, f6 G, f7 H, f8 I, f9 J, f10 K) Tuple11[A, B, C, D, E, F, G, H, I, J, K] {
	return Tuple11[A, B, C, D, E, F, G, H, I, J, K]{F0: f0, F1: f1, F2: f2, F3: f3, F4: f4, F5: f5, F6: f6, F7: f7, F8: f8, F9: f9, F10: f10}
}

// Tuple12 is a tuple of 12 values, where it is stored. A function returns them
// one by one.
type Tuple12[A, B, C, D, E, F, G, H, I, J, K, L any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
}

// MakeTuple12 is the stored form of 12 results.
func MakeTuple12[A, B, C, D, E, F, G, H, I, J, K, L any](f0 A, f1 B, f2 C, f3 D, f4 E, f5 F, f6 G, f7 H, f8 I, f9 J, f10 K, f11 L) Tuple12[A, B, C, D, E, F, G, H, I, J, K, L] {
	return Tuple12[A, B, C, D, E, F, G, H, I, J, K, L]{F0: f0, F1: f1, F2: f2, F3: f3, F4: f4, F5: f5, F6: f6, F7: f7, F8: f8, F9: f9, F10: f10, F11: f11}
}
