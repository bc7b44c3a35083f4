// Command errscope says what failed in calls to other companies' HTTP APIs:
// which vendor and code, whose fault, whether to retry, and what to tell its
// support. Each verb is one file; run.go wires the rooms together.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	umask := keepPrivate()
	code := run(ctx, os.Args[1:], terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ(), umask: umask})
	stop()
	os.Exit(code)
}
