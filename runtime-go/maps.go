package rgort

//rgo:piece maps

// MapAt is m[key]; it panics where the key is missing.
func MapAt[K comparable, V any](m map[K]V, key K) V {
	value, ok := m[key]
	if !ok {
		panic("no entry found for key")
	}
	return value
}

// Pointee is what m[key] points to, if the key is there.
func Pointee[K comparable, V any](m map[K]*V, key K) (value V, ok bool) {
	p, ok := m[key]
	if ok {
		value = *p
	}
	return value, ok
}
