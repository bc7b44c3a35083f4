package main

import (
	"errors"
	"fmt"
	"io"
)

// The exit codes of the contract.
const (
	exitDone   = 0
	exitGate   = 1 // a gate did not hold
	exitUsage  = 2 // wrong usage
	exitFailed = 3 // could not do it
)

// failure is an error that knows its exit code and, where there is a way out,
// the hint that names it.
type failure struct {
	code int
	err  error
	hint string
}

// Error implements error.
func (f *failure) Error() string { return f.err.Error() }

// Unwrap gives the cause.
func (f *failure) Unwrap() error { return f.err }

func usageError(err error, hint string) error  { return &failure{exitUsage, err, hint} }
func gateError(err error, hint string) error   { return &failure{exitGate, err, hint} }
func failedError(err error, hint string) error { return &failure{exitFailed, err, hint} }

// explainFailure tells the user and gives the exit code. An error that no verb
// has dressed is something that could not be done.
func explainFailure(w io.Writer, err error) int {
	var f *failure
	if !errors.As(err, &f) {
		f = &failure{exitFailed, err, hintFor(err)}
	} else if f.hint == "" && f.code == exitFailed {
		f.hint = hintFor(f.err)
	}
	fmt.Fprintf(w, "errscope: error: %s\n", visible(cleanText(err.Error())))
	if f.hint != "" {
		fmt.Fprintf(w, "errscope: hint: %s\n", visible(f.hint))
	}
	return f.code
}
