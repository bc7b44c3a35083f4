package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// tool finds a program of the system; where the environment says that it is
// required its absence is an error.
func tool(t *testing.T, name, variable string) string {
	t.Helper()
	for _, dir := range []string{"", "/usr/sbin/"} {
		if path, err := exec.LookPath(dir + name); err == nil {
			return path
		}
	}
	if os.Getenv(variable) == "required" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed; %s=required makes that an error", name, variable)
	return ""
}

// TestLogrotate follows a log through rotations by logrotate itself.
func TestLogrotate(t *testing.T) {
	binary := tool(t, "logrotate", "ERRSCOPE_LOGROTATE")
	for name, directives := range map[string]string{
		"create":       "create 0644",
		"compress":     "create 0644\ncompress",
		"copytruncate": "copytruncate",
		"delay":        "create 0644\ncompress\ndelaycompress",
		"copycompress": "copytruncate\ncompress",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			log := filepath.Join(dir, "access.log")
			conf := filepath.Join(dir, "rotate.conf")
			must(t, os.WriteFile(conf, []byte(fmt.Sprintf("%s {\n rotate 20\n nodateext\n missingok\n %s\n}\n", log, directives)), 0o644))
			written := 0
			out, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
			must(t, err)
			grow := func(n int) {
				_, err := out.WriteString(logLines(written, written+n))
				must(t, err)
				written += n
			}
			rotate := func() {
				moves, atOnce := !strings.Contains(directives, "copytruncate"), name == "compress"
				if moves && atOnce { // compressing at once takes away what is written late
					must(t, out.Close())
				}
				text, err := exec.Command(binary, "-s", filepath.Join(dir, "state"), "-f", conf).CombinedOutput()
				if err != nil {
					t.Fatalf("logrotate: %v\n%s", err, text)
				}
				if !moves {
					return
				}
				if !atOnce {
					grow(5) // who writes has not noticed yet
					must(t, out.Close())
				}
				out, err = os.OpenFile(log, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
				must(t, err)
			}
			defer func() { out.Close() }()
			grow(500)
			f := follow(t, dir, "access.log").start()
			f.wants(written)
			for range 3 {
				grow(300) // nobody has seen these when the rotation comes
				rotate()
				grow(200)
				f.wants(written)
			}
			f.kill()
			grow(50)
			rotate() // while nobody looks
			grow(50)
			f = follow(t, dir, "access.log").start()
			f.wants(written)
			f.stop()
		})
	}
}

// TestNginx follows the log of a running nginx that is told to open it again.
func TestNginx(t *testing.T) {
	binary := tool(t, "nginx", "ERRSCOPE_NGINX")
	dir := t.TempDir()
	port := freePort(t)
	conf := filepath.Join(dir, "nginx.conf")
	log := filepath.Join(dir, "access.log")
	must(t, os.WriteFile(conf, []byte(fmt.Sprintf(`
daemon off; pid %[1]s/nginx.pid; error_log %[1]s/error.txt; worker_processes 1;
events { worker_connections 64; }
http {
  access_log %[2]s;
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  server { listen 127.0.0.1:%[3]d; location / { return 204; } }
}`, dir, log, port)), 0o644))
	must(t, os.Chmod(dir, 0o755))
	server := exec.Command(binary, "-e", filepath.Join(dir, "error.txt"), "-p", dir, "-c", conf)
	must(t, server.Start())
	defer func() {
		_ = server.Process.Signal(syscall.SIGTERM) // it is gone where the test failed
		_ = server.Wait()
	}()
	until(t, "nginx", func() bool {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	sent := 0
	request := func(n int) {
		for range n {
			answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/n/%d", port, sent))
			must(t, err)
			must(t, answer.Body.Close())
			sent++
		}
	}
	f := follow(t, dir, "access.log").start()
	request(100)
	f.wants(sent)
	for i := range 3 {
		request(100)
		must(t, os.Rename(log, fmt.Sprintf("%s.%d", log, i)))
		request(20) // written to the file of the old name
		text, err := os.ReadFile(filepath.Join(dir, "nginx.pid"))
		must(t, err)
		pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
		must(t, err)
		must(t, syscall.Kill(pid, syscall.SIGUSR1))
		until(t, "the new log", func() bool {
			_, err := os.Stat(log)
			return err == nil
		})
		request(30)
		f.wants(sent)
	}
	f.stop()
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
