package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
)

// foreignHosts says whose the hosts of the corpus are, by their last labels.
// Every other host there is nobody's, and so are the services that customers
// run on somebody's platform.
var foreignHosts = []struct{ suffix, vendor string }{
	{"elb.amazonaws.com", ""},
	{"amazonaws.com", "aws"},
	{"aiplatform.googleapis.com", "googlecloud"},
	{"oauth2.googleapis.com", "googlecloud"},
	{"ajax.googleapis.com", "googlecloud"},
	{"generativelanguage.googleapis.com", "gemini"},
	{"api.anthropic.com", "anthropic"},
	{"api.cohere.com", "cohere"},
	{"api.deepseek.com", "deepseek"},
	{"api.github.com", "github"},
	{"api.linode.com", "linode"},
	{"api.mistral.ai", "mistral"},
	{"api.openai.com", "openai"},
	{"openrouter.ai", "openrouter"},
	{"www.reddit.com", "reddit"},
	{"services.ai.azure.com", "azure"},
}

// TestForeignAnswers labels every exchange of the corpus. None may go to a
// vendor whose host is another's; of the failures that were captured whole,
// none may be left unknown.
func TestForeignAnswers(t *testing.T) {
	corpus := os.Getenv("ERRSCOPE_CORPUS")
	if corpus == "" {
		t.Skip("ERRSCOPE_CORPUS is not set: there are no foreign answers to label")
	}
	set, err := classify.Load(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	bindings := record.NewBindings(set.HostBindings(), set.CallbackBindings())
	labeler := classify.NewEngine(set, bindings, true).NewLabeler()
	captured := 0
	err = filepath.WalkDir(corpus, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(path) == filepath.Clean(corpus) {
			return err
		}
		eachExchange(t, path, bindings, func(r *record.Record) {
			var out record.Label
			labeler.Label(r, &out)
			checkForeign(t, path, r, &out)
			if r.Status >= 400 && len(r.Body) > 0 {
				captured++
				if out.Category == record.UnknownCategory {
					t.Errorf("%s: %s %d is left unknown: %.200s", path, r.Host, r.Status, r.Body)
				}
			}
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if captured < 53 {
		t.Errorf("%d captured failures, there are at least 53", captured)
	}
}

// checkForeign compares the vendor named with the one whose host it is.
func checkForeign(t *testing.T, path string, r *record.Record, out *record.Label) {
	t.Helper()
	if len(r.Host) == 0 || out.Vendor == "" || out.Vendor == record.VendorGeneric || out.Vendor == record.VendorUnknown {
		return
	}
	host, owner := string(r.Host), ""
	if i := slices.IndexFunc(foreignHosts, func(h struct{ suffix, vendor string }) bool {
		return host == h.suffix || strings.HasSuffix(host, "."+h.suffix)
	}); i >= 0 {
		owner = foreignHosts[i].vendor
	}
	if out.Vendor != owner {
		t.Errorf("%s: %s is labelled %s, its owner is %q (%s)", path, host, out.Vendor, owner, strings.Join(out.Evidence, "; "))
	}
}

// eachExchange reads a file of the corpus; what cannot be read is no matter here.
func eachExchange(t *testing.T, path string, bindings *record.Bindings, visit func(*record.Record)) {
	t.Helper()
	src, err := ingest.Open(t.Context(), ingest.Config{Bindings: bindings}, ingest.Input{Path: path}, nil)
	if err != nil {
		return
	}
	defer src.Close()
	for {
		seg, err := src.NextSegment(t.Context(), segmentBytes)
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		reader := seg.NewReader()
		var d record.Draft
		for reader.Next(&d) == nil {
			if d.Reject == "" {
				visit(&record.Record{Exchange: &d.Exchange})
			}
		}
	}
}
