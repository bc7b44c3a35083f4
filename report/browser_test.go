package report_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/errscope/errscope/report"
)

// browserTimeout bounds one run of the browser.
const browserTimeout = 2 * time.Minute

// browser finds Chromium. Without it the tests are skipped, unless
// ERRSCOPE_CHROMIUM says that they are required.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("ERRSCOPE_CHROMIUM") == "required" {
		t.Fatal("Chromium is required and not there")
	}
	t.Skip("Chromium is not there: how the pages look is not tested")
	return ""
}

// browse runs Chromium without a window and gives its standard output.
func browse(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), browserTimeout)
	defer cancel()
	args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run",
		"--user-data-dir=" + t.TempDir(), "--virtual-time-budget=20000", "--allow-file-access-from-files"}, args...)
	cmd := exec.CommandContext(ctx, browser(t), args...)
	cmd.WaitDelay = time.Second
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running Chromium: %v\n%s", err, errs.String())
	}
	return string(out)
}

// measured is what the script below finds in one page.
type measured struct {
	Name     string   `json:"name"`
	Dark     bool     `json:"dark"`
	Width    int      `json:"width"`  // of the window
	Scroll   int      `json:"scroll"` // what the page takes of it
	Texts    int      `json:"texts"`
	Shapes   int      `json:"shapes"`
	Faint    []string `json:"faint"`    // texts and shapes with too little contrast
	Outside  []string `json:"outside"`  // elements beyond the right edge that nothing scrolls
	Squeezed []string `json:"squeezed"` // charts without room
}

// probe measures a page from within and tells the page around it. The texts
// must have the contrast of WCAG 2 AA, 4.5 to 1, and what is drawn 3 to 1.
const probe = `<script>addEventListener("load",()=>{
const lum=c=>{const f=c.map(v=>{v/=255;return v<=.04045?v/12.92:((v+.055)/1.055)**2.4});return .2126*f[0]+.7152*f[1]+.0722*f[2]};
const rgb=s=>(s.match(/[\d.]+/g)||[0,0,0,0]).map(Number);
const paper=e=>{for(;e;e=e.parentElement){const c=rgb(getComputedStyle(e).backgroundColor);if(c.length<4||c[3]>0)return c.slice(0,3)}return [255,255,255]};
const contrast=(a,b)=>{const x=lum(a),y=lum(b);return (Math.max(x,y)+.05)/(Math.min(x,y)+.05)};
const r={name:NAME,dark:matchMedia("(prefers-color-scheme: dark)").matches,width:innerWidth,scroll:document.scrollingElement.scrollWidth,
texts:0,shapes:0,faint:[],outside:[],squeezed:[]};
for(const e of document.querySelectorAll("body *")){
const own=[...e.childNodes].some(n=>n.nodeType==3&&n.textContent.trim()),s=getComputedStyle(e);
if(own){r.texts++;const k=contrast(rgb(s.color).slice(0,3),paper(e));if(k<4.5)r.faint.push(e.tagName+" "+k.toFixed(2)+" "+e.textContent.slice(0,30))}
const cls=e.getAttribute("class")||"";
if(["bar","calls","used"].includes(cls)){r.shapes++;const k=contrast(rgb(s.fill).slice(0,3),paper(e));if(k<3)r.faint.push(cls+" "+k.toFixed(2))}
if(["limit","likely"].includes(cls)){r.shapes++;const k=contrast(rgb(s.stroke).slice(0,3),paper(e));if(k<3)r.faint.push(cls+" "+k.toFixed(2))}
const b=e.getBoundingClientRect();
if(b.right>innerWidth+1&&!e.closest(".wide"))r.outside.push(e.tagName+"."+cls+" "+Math.round(b.right)+" "+e.textContent.slice(0,30));
if(e.tagName=="svg"&&b.width<40)r.squeezed.push(e.tagName+"."+cls+" "+Math.round(b.width));
}
parent.postMessage(r,"*")});</script>`

var policy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)

// probed puts the probe into a page, which no page of ours would let run.
func probed(name, page string, asPrinted bool) string {
	quoted, _ := json.Marshal(name)
	page = policy.ReplaceAllString(page, "")
	if asPrinted {
		page = strings.Replace(page, "@media print{", "@media all{", 1)
	}
	return strings.Replace(page, "</head>", strings.Replace(probe, "NAME", string(quoted), 1)+"</head>", 1)
}

// frames makes a page that shows others in frames of each width and writes down
// what they tell.
func frames(t *testing.T, pages map[string]string, widths []int, asPrinted bool) string {
	t.Helper()
	dir := t.TempDir()
	var out strings.Builder
	out.WriteString(`<!DOCTYPE html><meta charset="utf-8"><pre id="found"></pre><script>const all=[];addEventListener("message",m=>{all.push(m.data);` +
		`document.getElementById("found").textContent=JSON.stringify(all)})</script>` + "\n")
	for name, page := range pages {
		file := name + ".html"
		if err := os.WriteFile(filepath.Join(dir, file), []byte(probed(name, page, asPrinted)), 0o644); err != nil {
			t.Fatal(err)
		}
		for _, w := range widths {
			fmt.Fprintf(&out, "<iframe src=%q style=\"width:%dpx;height:900px;border:0\"></iframe>\n", file, w)
		}
	}
	index := filepath.Join(dir, "index.html")
	if err := os.WriteFile(index, []byte(out.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return index
}

var found = regexp.MustCompile(`(?s)<pre id="found">(.*?)</pre>`)

func measure(t *testing.T, index string, args ...string) []measured {
	t.Helper()
	dom := browse(t, append(args, "--dump-dom", fileURL(index))...)
	m := found.FindStringSubmatch(dom)
	if m == nil {
		t.Fatalf("nothing was measured:\n%.2000s", dom)
	}
	var list []measured
	if err := json.Unmarshal([]byte(html.UnescapeString(m[1])), &list); err != nil {
		t.Fatalf("reading what was measured: %v in %q", err, m[1])
	}
	return list
}

func fileURL(path string) string { return (&url.URL{Scheme: "file", Path: path}).String() }

// htmlPages writes every report as HTML, sound and hostile.
func htmlPages(t *testing.T) map[string]string {
	pages := map[string]string{}
	for _, info := range report.Names() {
		pages[info.Name+"-sound"] = write(t, sound(), info.Name, "html", report.Options{})
		pages[info.Name+"-hostile"] = write(t, hostile(), info.Name, "html", report.Options{Title: hostileText})
		pages[info.Name+"-empty"] = write(t, rows{}, info.Name, "html", report.Options{})
	}
	return pages
}

// TestPagesInABrowser opens every page in Chromium, light and dark, at widths
// from a telephone to a desk, and as printed on A4: nothing sticks out, all
// can be read.
func TestPagesInABrowser(t *testing.T) {
	browser(t)
	pages := htmlPages(t)
	paperA4 := 688 // CSS pixels of 210 mm without the margins
	for _, c := range []struct {
		name    string
		args    []string
		widths  []int
		dark    bool
		printed bool
	}{
		{"light", []string{"--blink-settings=preferredColorScheme=1"}, []int{360, 480, 768, 1400}, false, false},
		{"dark", []string{"--blink-settings=preferredColorScheme=0"}, []int{360, 1024}, true, false},
		{"printed", []string{"--blink-settings=preferredColorScheme=1"}, []int{paperA4}, false, true},
		{"printed from a dark screen", []string{"--blink-settings=preferredColorScheme=0"}, []int{paperA4}, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := measure(t, frames(t, pages, c.widths, c.printed), c.args...)
			if want := len(pages) * len(c.widths); len(list) != want {
				t.Fatalf("%d of %d pages told", len(list), want)
			}
			for _, m := range list {
				if m.Dark != c.dark || m.Texts < 2 || strings.HasPrefix(m.Name, "overview-sound") && m.Shapes < 50 {
					t.Errorf("%s at %d px was not shown as meant: %+v", m.Name, m.Width, m)
				}
				if m.Scroll > m.Width || len(m.Outside) > 0 && !c.printed {
					t.Errorf("%s at %d px takes %d px: %q", m.Name, m.Width, m.Scroll, first(m.Outside, 3))
				}
				if len(m.Faint) > 0 || len(m.Squeezed) > 0 {
					t.Errorf("%s at %d px: faint %q, squeezed %q", m.Name, m.Width, first(m.Faint, 3), first(m.Squeezed, 3))
				}
			}
		})
	}
}

func first(list []string, n int) []string { return list[:min(n, len(list))] }

// TestPrintedPages: a page prints on A4, in a sensible number of sheets. Where
// ERRSCOPE_SCREENSHOTS names a folder, pictures of every page are left there.
func TestPrintedPages(t *testing.T) {
	browser(t)
	dir, pictures := t.TempDir(), os.Getenv("ERRSCOPE_SCREENSHOTS")
	box := regexp.MustCompile(`/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]`)
	for _, name := range []string{"overview", "nightly"} {
		page := filepath.Join(dir, name+".html")
		if err := os.WriteFile(page, []byte(write(t, sound(), name, "html", report.Options{})), 0o644); err != nil {
			t.Fatal(err)
		}
		out := filepath.Join(dir, name+".pdf")
		browse(t, "--no-pdf-header-footer", "--print-to-pdf="+out, fileURL(page))
		pdf, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if sheets := len(box.FindAll(pdf, -1)); sheets < 1 || sheets > 6 {
			t.Errorf("%s prints on %d sheets of A4", name, sheets)
		}
	}
	if pictures == "" {
		return
	}
	for name, page := range htmlPages(t) {
		file := filepath.Join(pictures, name+".html")
		if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
		for theme, scheme := range map[string]string{"light": "1", "dark": "0"} {
			browse(t, "--blink-settings=preferredColorScheme="+scheme, "--window-size=1200,1800", "--screenshot="+filepath.Join(pictures, name+"."+theme+".png"), fileURL(file))
		}
	}
}
