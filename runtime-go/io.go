package rgort

import (
	"bufio"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

//rgo:piece io

// stdin is standard input, read ahead: all readers share what was read.
var stdin = bufio.NewReader(os.Stdin)

// Errno is the number of the operating system's error behind err: 0 for none,
// -1 for an end of file, -2 for an error without a number.
func Errno(err error) int {
	var number syscall.Errno
	switch {
	case err == nil:
		return 0
	case errors.As(err, &number):
		return int(number)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return -1
	case errors.Is(err, os.ErrNotExist):
		return int(syscall.ENOENT)
	case errors.Is(err, os.ErrExist):
		return int(syscall.EEXIST)
	case errors.Is(err, os.ErrPermission):
		return int(syscall.EACCES)
	case errors.Is(err, os.ErrClosed):
		return int(syscall.EBADF)
	}
	return -2
}

// ErrnoText is what the operating system says about an error, as C says it.
func ErrnoText(number int) string {
	text := syscall.Errno(number).Error()
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}

// StdinLine reads a line of standard input with its end; an empty one says that
// there is none.
func StdinLine() (line string, errno int) {
	line, err := stdin.ReadString('\n')
	if err == io.EOF {
		err = nil
	}
	return line, Errno(err)
}

// StdinRead reads some bytes of standard input.
func StdinRead(buf []byte) (n, errno int) {
	n, err := stdin.Read(buf)
	if err == io.EOF {
		err = nil
	}
	return n, Errno(err)
}

// Write writes all bytes to a file.
func Write(f *os.File, buf []byte) (n, errno int) {
	n, err := f.Write(buf)
	return n, Errno(err)
}

// Read reads some bytes of a file, 0 at its end.
func Read(f *os.File, buf []byte) (n, errno int) {
	n, err := f.Read(buf)
	if err == io.EOF {
		err = nil
	}
	return n, Errno(err)
}

// Seek moves where a file is read and written.
func Seek(f *os.File, offset int64, whence int) (at int64, errno int) {
	at, err := f.Seek(offset, whence)
	return at, Errno(err)
}

// Open opens a file.
func Open(path string, flags int, mode uint32) (f *os.File, errno int) {
	f, err := os.OpenFile(path, flags, os.FileMode(mode))
	return f, Errno(err)
}

// ReadFile is the bytes of a file.
func ReadFile(path string) (data []byte, errno int) {
	data, err := os.ReadFile(path)
	return data, Errno(err)
}

// WriteFile makes a file of bytes.
func WriteFile(path string, data []byte) (errno int) {
	return Errno(os.WriteFile(path, data, 0o666))
}

// ReadDir is the names in a directory.
func ReadDir(path string) (names []string, errno int) {
	entries, err := os.ReadDir(path)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names, Errno(err)
}

// Stat is what is known about a file.
func Stat(path string) (info os.FileInfo, errno int) {
	info, err := os.Stat(path)
	return info, Errno(err)
}

// Lstat is what is known about a file or a symbolic link.
func Lstat(path string) (info os.FileInfo, errno int) {
	info, err := os.Lstat(path)
	return info, Errno(err)
}

// StatFile is what is known about an open file.
func StatFile(f *os.File) (info os.FileInfo, errno int) {
	info, err := f.Stat()
	return info, Errno(err)
}

// modeBits are the bits of a file's mode that Unix keeps elsewhere than Go.
var modeBits = []struct {
	unix uint32
	mode os.FileMode
}{
	{0o4000, os.ModeSetuid},
	{0o2000, os.ModeSetgid},
	{0o1000, os.ModeSticky},
}

// UnixMode is a file's mode as Unix writes it, with the kind of file.
func UnixMode(mode os.FileMode) uint32 {
	bits := uint32(mode.Perm())
	for _, bit := range modeBits {
		if mode&bit.mode != 0 {
			bits |= bit.unix
		}
	}
	switch {
	case mode.IsRegular():
		bits |= 0o100000
	case mode.IsDir():
		bits |= 0o040000
	case mode&os.ModeSymlink != 0:
		bits |= 0o120000
	case mode&os.ModeNamedPipe != 0:
		bits |= 0o010000
	case mode&os.ModeSocket != 0:
		bits |= 0o140000
	case mode&os.ModeCharDevice != 0:
		bits |= 0o020000
	case mode&os.ModeDevice != 0:
		bits |= 0o060000
	}
	return bits
}

// FileMode is the mode of a file that Unix writes as bits, without the kind.
func FileMode(bits uint32) os.FileMode {
	mode := os.FileMode(bits & 0o777)
	for _, bit := range modeBits {
		if bits&bit.unix != 0 {
			mode |= bit.mode
		}
	}
	return mode
}

// Realpath is the path without symbolic links and from the root on.
func Realpath(path string) (real string, errno int) {
	if path == "" {
		return "", int(syscall.ENOENT)
	}
	if !filepath.IsAbs(path) {
		from, err := os.Getwd()
		if err != nil {
			return "", Errno(err)
		}
		// Not by Join: what "a/.." is depends on what a is.
		path = from + string(filepath.Separator) + path
	}
	real, err := filepath.EvalSymlinks(path)
	return real, Errno(err)
}

// Readlink is the path that a symbolic link holds.
func Readlink(path string) (target string, errno int) {
	target, err := os.Readlink(path)
	return target, Errno(err)
}

// Executable is the path of the program.
func Executable() (path string, errno int) {
	path, err := os.Executable()
	return path, Errno(err)
}

// Getwd is the working directory.
func Getwd() (path string, errno int) {
	path, err := os.Getwd()
	return path, Errno(err)
}

// StdinPeek is what was read ahead of standard input, none at its end.
func StdinPeek() (ahead []byte, errno int) {
	_, err := stdin.Peek(1)
	if err == io.EOF {
		err = nil
	}
	ahead, _ = stdin.Peek(stdin.Buffered())
	return ahead, Errno(err)
}

// StdinDiscard says that so many bytes of it were used.
func StdinDiscard(n int) {
	_, _ = stdin.Discard(n)
}
