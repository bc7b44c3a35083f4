package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHostileConfiguration reads what a folder of somebody else's may hold.
func TestHostileConfiguration(t *testing.T) {
	laughs := "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 12; i++ {
		laughs += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimRight(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 10), ","))
	}
	for name, c := range map[string]struct{ text, want string }{
		"open brackets":   {"db: " + strings.Repeat("[", 500_000), "nested too deep"},
		"open braces":     {"db: " + strings.Repeat("{a: ", 200_000), "nested too deep"},
		"dashes":          {"db:\n  " + strings.Repeat("- ", 400_000), "nested too deep"},
		"lists by powers": {laughs + "packs: *a11\n", "anchor or alias"},
		"merged maps":     {"x: &a {a: b}\ny: {<<: *a}\n", "anchor or alias"},
		"a circle":        {"json_fields: &a\n  status: *a\n", "anchor or alias"},
		"too large":       {strings.Repeat("# nothing\n", configBytesMax/10+1), "larger than"},
	} {
		path := filepath.Join(t.TempDir(), configName)
		must(t, os.WriteFile(path, []byte(c.text), 0o600))
		if _, err := readConfig(path); err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 1000 {
			t.Errorf("%s: %.300v, want %s", name, err, c.want)
		}
	}
	if _, err := readConfig(t.TempDir()); err == nil {
		t.Error("a folder is no configuration")
	}
	path := filepath.Join(t.TempDir(), configName)
	must(t, os.WriteFile(path, []byte("log_formats: ['$remote_addr [$time_local] \"$request\" * & {x}']\nwait: 3s\n"), 0o600))
	if _, err := readConfig(path); err != nil {
		t.Error(err)
	}
}
