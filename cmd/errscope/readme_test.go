package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/ingest"
)

var (
	codeBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// documents are the pages whose examples must work.
var documents = []string{"../../README.md", "../../docs/formats.md", "../../docs/reports.md", "../../docs/evidence.md"}

// TestReadme runs every command of the README and of the page about formats as
// it stands there, but the test command itself. Scripts with the names of curl,
// which would leave the machine, zcat and journalctl print what those would. What
// would follow a file for ever is stopped once it has stored a line.
func TestReadme(t *testing.T) {
	text := documentText(t)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir, bin := t.TempDir(), t.TempDir()
	if err := os.Symlink(filepath.Join(root, "testdata"), filepath.Join(dir, "testdata")); err != nil {
		t.Fatal(err)
	}
	probe := command(t, dir)
	script := fmt.Sprintf("#!/bin/sh\nexec %s \"$@\"\n", quoted(probe.Path))
	answer := "#!/bin/sh\nprintf 'HTTP/1.1 502 Bad Gateway\\r\\n\\r\\n{\"success\":false,\"message\":\"Could not fetch data\"}'\n"
	archive := "#!/bin/sh\ncat testdata/demo/egress/access.log\n"
	for name, body := range map[string]string{"errscope": script, "curl": answer, "zcat": archive, "journalctl": archive} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(body), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "app.log"), []byte(followedLine), 0o600); err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, block := range codeBlock.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			line = strings.TrimSpace(line)
			switch {
			case line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "go test"):
				continue
			case strings.HasPrefix(line, "go run ./cmd/errscope "):
				line = "errscope " + strings.TrimPrefix(line, "go run ./cmd/errscope ")
			}
			count++
			env := append(probe.Env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			t.Run(line, func(t *testing.T) {
				if strings.Contains(line, "--follow app.log") {
					runFollow(t, dir, env, line)
					return
				}
				sh := exec.Command("sh", "-c", line)
				sh.Dir, sh.Env = dir, env
				out, err := sh.Output()
				if err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				if len(out) == 0 && !strings.Contains(line, "demo --out") {
					t.Error("it says nothing")
				}
			})
		}
	}
	if count < 15 {
		t.Errorf("only %d commands found in the README", count)
	}
}

// followedLine is what stands in the file that the README follows.
const followedLine = `{"time":"2026-11-13T09:12:44Z","method":"GET","url":"https://followed.example.com/x","status":200}` + "\n"

// runFollow stops a command once what it follows can be asked for.
func runFollow(t *testing.T, dir string, env []string, line string) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	sh := exec.CommandContext(ctx, "sh", "-c", "exec "+line)
	sh.Dir, sh.Env = dir, env
	sh.Cancel = func() error { return sh.Process.Signal(os.Interrupt) }
	sh.WaitDelay = time.Minute
	var out strings.Builder
	sh.Stdout = &out
	if err := sh.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- sh.Wait() }()
	for stored := false; !stored; {
		select {
		case err := <-ended:
			t.Fatalf("ended before the line was stored: %v\n%s", err, out.String())
		default:
		}
		ask := exec.CommandContext(ctx, "sh", "-c", `exec errscope sql --wait 5s --format csv "SELECT host FROM requests WHERE host = 'followed.example.com'"`)
		ask.Dir, ask.Env = dir, env
		answer, err := ask.Output()
		stored = err == nil && strings.Contains(string(answer), "followed.example.com")
	}
	if err := sh.Process.Signal(os.Interrupt); err != nil {
		t.Error(err)
	}
	if err := <-ended; err != nil || out.Len() == 0 {
		t.Errorf("stopped: %v\n%s", err, out.String())
	}
}

// TestReadmeConfiguration reads every configuration that the pages show.
func TestReadmeConfiguration(t *testing.T) {
	blocks := yamlBlock.FindAllStringSubmatch(documentText(t), -1)
	if len(blocks) < 4 {
		t.Errorf("only %d configurations found", len(blocks))
	}
	for _, block := range blocks {
		path := filepath.Join(t.TempDir(), configName)
		if err := os.WriteFile(path, []byte(block[1]), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := readConfig(path)
		if err != nil {
			t.Errorf("%v\n%s", err, block[1])
			continue
		}
		formats, _ := c.values("log-format")
		for _, format := range formats {
			if err := ingest.CheckLogFormat(format); err != nil {
				t.Error(err)
			}
		}
	}
}

func documentText(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, path := range documents {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
