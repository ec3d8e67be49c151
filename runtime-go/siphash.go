package rgort

import "math/bits"

//rgo:piece siphash

// SipHasher is SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input
// PRF"), as the default hasher of Rust.
type SipHasher struct {
	v0, v1, v2, v3 uint64
	tail           uint64
	tailLen        int
	length         int
}

// NewSipHasher is a hasher with two keys.
func NewSipHasher(k0, k1 uint64) SipHasher {
	return SipHasher{
		v0: k0 ^ 0x736f6d6570736575,
		v1: k1 ^ 0x646f72616e646f6d,
		v2: k0 ^ 0x6c7967656e657261,
		v3: k1 ^ 0x7465646279746573,
	}
}

// Write feeds bytes.
func (h *SipHasher) Write(b []byte) {
	for _, c := range b {
		h.writeByte(c)
	}
}

// WriteString feeds the bytes of s.
func (h *SipHasher) WriteString(s string) {
	for i := range len(s) {
		h.writeByte(s[i])
	}
}

// WriteUint64 feeds the lowest bytes of n, the lowest first.
func (h *SipHasher) WriteUint64(n uint64, size int) {
	for range size {
		h.writeByte(byte(n))
		n >>= 8
	}
}

func (h *SipHasher) writeByte(c byte) {
	h.tail |= uint64(c) << (8 * h.tailLen)
	h.tailLen++
	h.length++
	if h.tailLen == 8 {
		h.v3 ^= h.tail
		h.round()
		h.v0 ^= h.tail
		h.tail, h.tailLen = 0, 0
	}
}

// Sum64 is the hash of what was fed so far.
func (h *SipHasher) Sum64() uint64 {
	end := *h
	last := uint64(end.length)<<56 | end.tail
	end.v3 ^= last
	end.round()
	end.v0 ^= last
	end.v2 ^= 0xff
	end.round()
	end.round()
	end.round()
	return end.v0 ^ end.v1 ^ end.v2 ^ end.v3
}

func (h *SipHasher) round() {
	h.v0 += h.v1
	h.v1 = bits.RotateLeft64(h.v1, 13) ^ h.v0
	h.v0 = bits.RotateLeft64(h.v0, 32)
	h.v2 += h.v3
	h.v3 = bits.RotateLeft64(h.v3, 16) ^ h.v2
	h.v0 += h.v3
	h.v3 = bits.RotateLeft64(h.v3, 21) ^ h.v0
	h.v2 += h.v1
	h.v1 = bits.RotateLeft64(h.v1, 17) ^ h.v2
	h.v2 = bits.RotateLeft64(h.v2, 32)
}
