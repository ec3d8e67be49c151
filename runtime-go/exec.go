package rgort

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

//rgo:piece exec needs io

// Process is a program that runs, or ran.
type Process struct {
	process *os.Process
	ended   chan struct{}
	status  int32
	errno   int
}

// Start runs a program with its standard files. It is looked for in the
// directories of path, unless it names a directory itself.
func Start(program string, args []string, path, dir string, env []string, files []*os.File) (p *Process, errno int) {
	found, err := lookPath(program, path)
	if err != nil {
		return nil, Errno(err)
	}
	attr := &os.ProcAttr{Dir: dir, Env: env, Files: files}
	process, err := os.StartProcess(found, append([]string{program}, args...), attr)
	if err != nil {
		return nil, Errno(err)
	}
	p = &Process{process: process, ended: make(chan struct{})}
	go func() {
		defer close(p.ended)
		state, err := process.Wait()
		p.errno = Errno(err)
		if err == nil {
			p.status = waitStatus(state)
		}
	}()
	return p, 0
}

// lookPath is the file that a program lies in.
func lookPath(program, path string) (found string, err error) {
	if strings.ContainsRune(program, filepath.Separator) {
		return program, nil
	}
	err = syscall.ENOENT
	for _, dir := range filepath.SplitList(path) {
		file := filepath.Join(dir, program)
		if dir == "" {
			file = "." + string(filepath.Separator) + program
		}
		if found, lookErr := exec.LookPath(file); lookErr == nil {
			return found, nil
		} else if errors.Is(lookErr, os.ErrPermission) {
			err = syscall.EACCES
		}
	}
	return "", err
}

// waitStatus is how a program ended, as Unix writes it.
func waitStatus(state *os.ProcessState) int32 {
	ended, ok := state.Sys().(interface {
		Signaled() bool
		Signal() syscall.Signal
		CoreDump() bool
	})
	if !ok || !ended.Signaled() {
		return int32(state.ExitCode()&0xff) << 8
	}
	status := int32(ended.Signal())
	if ended.CoreDump() {
		status |= 0x80
	}
	return status
}

// ID is the number of the process.
func (p *Process) ID() uint32 {
	return uint32(p.process.Pid)
}

// Kill ends the program.
func (p *Process) Kill() (errno int) {
	err := p.process.Kill()
	if errors.Is(err, os.ErrProcessDone) {
		return 0
	}
	return Errno(err)
}

// Wait waits until the program has ended, and is how it did.
func (p *Process) Wait() (status int32, errno int) {
	<-p.ended
	return p.status, p.errno
}

// TryWait is how the program ended, if it has.
func (p *Process) TryWait() (status int32, ended bool, errno int) {
	select {
	case <-p.ended:
		return p.status, true, p.errno
	default:
		return 0, false, 0
	}
}

// Pipe is the two ends of a pipe.
func Pipe() (reader, writer *os.File, errno int) {
	reader, writer, err := os.Pipe()
	return reader, writer, Errno(err)
}

// ReadBoth reads two files to their ends at the same time; one that is nil has
// nothing to read.
func ReadBoth(a, b *os.File) (first, second []byte, errno int) {
	done := make(chan error)
	go func() {
		var err error
		second, err = readAll(b)
		done <- err
	}()
	first, err := readAll(a)
	if otherErr := <-done; err == nil {
		err = otherErr
	}
	return first, second, Errno(err)
}

func readAll(f *os.File) ([]byte, error) {
	if f == nil {
		return nil, nil
	}
	return io.ReadAll(f)
}
