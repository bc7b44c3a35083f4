package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// nightlyPage is the page whose crontab and units must work as they stand.
const nightlyPage = "../../docs/reports.md"

func nightlyBlocks(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile(nightlyPage)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		list = append(list, m[1])
	}
	return list
}

// TestCrontab runs the command of the crontab by sh, as cron does: what fails
// makes a mail, a quiet night makes none.
func TestCrontab(t *testing.T) {
	blocks := nightlyBlocks(t, "crontab")
	if len(blocks) != 1 {
		t.Fatalf("%d crontabs", len(blocks))
	}
	line := regexp.MustCompile(`(?m)^15 3 \* \* \* (.*)$`).FindStringSubmatch(blocks[0])
	if line == nil || strings.Contains(line[1], "%") { // which cron reads as a line break
		t.Fatalf("no command for cron in %q", blocks[0])
	}
	for _, c := range []struct {
		name   string
		status int
		mail   string
	}{{"quiet", 200, ""}, {"bad", 502, "failure_ratio: carsxe: 100.00 % of calls failed"}} {
		t.Run(c.name, func(t *testing.T) {
			state, logs, bin := t.TempDir(), t.TempDir(), t.TempDir()
			var log strings.Builder
			for i := range 30 {
				at := time.Now().Add(-time.Duration(i+1) * time.Minute).UTC().Format("02/Jan/2006:15:04:05 -0700")
				fmt.Fprintf(&log, "10.0.0.7 - - [%s] \"GET https://api.carsxe.com/specs HTTP/1.1\" %d 212 \"-\" \"svc/2.4\"\n", at, c.status)
			}
			if err := os.WriteFile(filepath.Join(logs, "access.log"), []byte(log.String()), 0o600); err != nil {
				t.Fatal(err)
			}
			probe := command(t, state)
			script := fmt.Sprintf("#!/bin/sh\nexec %s \"$@\"\n", quoted(probe.Path))
			if err := os.WriteFile(filepath.Join(bin, "errscope"), []byte(script), 0o755); err != nil {
				t.Fatal(err)
			}
			text := strings.NewReplacer("/var/lib/errscope", state, "/var/log/egress", logs).Replace(line[1])
			sh := exec.Command("sh", "-c", text)
			sh.Env = append(probe.Env, "PATH="+bin+":/usr/bin:/bin")
			mail, err := sh.CombinedOutput()
			if (c.mail == "") != (err == nil) || c.mail == "" && len(mail) > 0 || !strings.Contains(string(mail), c.mail) {
				t.Errorf("error %v, mail:\n%s", err, mail)
			}
			page, err := os.ReadFile(filepath.Join(state, "night.html"))
			if err != nil || !strings.Contains(string(page), "30 requests") {
				t.Errorf("the report: %v\n%.300s", err, page)
			}
		})
	}
}

// TestUnits lets systemd judge the service and its timer.
func TestUnits(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not there")
	}
	blocks := nightlyBlocks(t, "ini")
	if len(blocks) != 2 {
		t.Fatalf("%d units", len(blocks))
	}
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for i, name := range []string{"errscope-nightly.service", "errscope-nightly.timer"} {
		files = append(files, filepath.Join(dir, name))
		if err := os.WriteFile(files[i], []byte(strings.ReplaceAll(blocks[i], "/usr/local/bin/errscope", self)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(analyze, append([]string{"verify", "--man=no"}, files...)...).CombinedOutput()
	if err != nil || strings.Contains(string(out), dir) {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}
