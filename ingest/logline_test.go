package ingest_test

import (
	"strings"
	"testing"
)

// TestProgramLines reads what programs say about themselves among the lines of
// an access log: no exchange, unless they name a URL or a protocol.
func TestProgramLines(t *testing.T) {
	access := sampleOf("combined") + "\n"
	f := func(name, line string, rejected int64) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Helper()
			checkAccounts(t, access+line+"\n"+access, "combined", 2, rejected, 1-rejected)
		})
	}
	f("klog", `I0304 09:15:02.118212       7 controller.go:193] "Configuration changes detected"`, 0)
	f("Envoy", "2026-03-04T09:15:02.118212Z\tinfo\tEnvoy proxy is ready", 0)
	f("zap's console", "2026-03-04T09:15:02.118Z\tINFO\tmain.go:3\tready", 0)
	f("zap's console with fields", "2026/03/04 09:15:02.118\tINFO\tusing configuration\t{\"file\": \"/etc/a\"}", 0)
	f("gunicorn", "[2026-03-04 09:15:02 +0000] [1] [INFO] Starting", 0)
	f("AWS Lambda", "START RequestId: 0b6f2a51-6a37-4c28-9d1e-3c7a1f5e8b90 Version: $LATEST", 0)
	f("a call in words of its own", "2026-03-04T09:15:02.118Z\tERROR\tmain.go:3\tcall broke: https://v.example/a", 1)
	f("a time without a level", "2026-03-04T09:15:02.118Z something", 1)
	f("no time", "info: something", 1)
	f("a level far behind", "2026-03-04T09:15:02.118Z "+strings.Repeat("x ", 40)+"info", 1)
	// A log without any exchange is sound all the same.
	checkAccounts(t, strings.Repeat("2026-03-04T09:15:02.118Z\tinfo\tready\n", 2), "text", 0, 0, 2)
}
