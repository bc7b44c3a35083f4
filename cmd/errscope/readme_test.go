package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/errscope/errscope/ingest"
)

var (
	codeBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	yamlBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")
)

// documents are the pages whose examples must work.
var documents = []string{"../../README.md", "../../docs/formats.md"}

// TestReadme runs every command of the README and of the page about formats as
// it stands there, but the test command itself, and curl, which would leave the
// machine: a file with what it prints stands in for it.
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
	for name, body := range map[string]string{"errscope": script, "curl": answer, "zcat": archive} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(body), 0o755); err != nil {
			t.Fatal(err)
		}
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
			t.Run(line, func(t *testing.T) {
				sh := exec.Command("sh", "-c", line)
				sh.Dir = dir
				sh.Env = append(probe.Env, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
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
