package rgort

import (
	"bufio"
	"errors"
	"io"
	"os"
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

// Stat is the length of a file, and what it is: 1 a file, 2 a directory, 3 a
// symbolic link, 0 something else.
func Stat(path string, follow bool) (length uint64, kind uint8, errno int) {
	stat := os.Lstat
	if follow {
		stat = os.Stat
	}
	info, err := stat(path)
	if err != nil {
		return 0, 0, Errno(err)
	}
	switch {
	case info.Mode().IsRegular():
		kind = 1
	case info.IsDir():
		kind = 2
	case info.Mode()&os.ModeSymlink != 0:
		kind = 3
	}
	return uint64(info.Size()), kind, 0
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
