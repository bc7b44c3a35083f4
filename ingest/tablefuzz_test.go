package ingest_test

import "testing"

// fuzzColumns starts from invented lines of a format and from broken ones.
func fuzzColumns(f *testing.F, format string, seeds ...string) {
	logs := columnLogs(3)
	for name, log := range logs {
		if columnFormat(name) == format {
			f.Add([]byte(log))
			f.Add([]byte(log[:len(log)/2]))
		}
	}
	for _, seed := range seeds {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) { checkDrafts(t, format, content) })
}

func FuzzEnvoy(f *testing.F) {
	fuzzColumns(f, "envoy", "ACCESS [2026-02-10T20:23:32Z] \"- - -\" 0 UF,,X a \"b\" 1 2 - - \"-\" \"a\" b\" \"c d\" \"e\" \"f\" \"[::1]:1\" BlackHoleCluster - - 1.1.1.1:1 SNI.x",
		"[2026-02-10T20:23:32Z] \"GET A://B@C:1/\xff#x HTTP/\" 599 - 999999999999999999 1 9223372036854775807 - \"-\" \"-\" \"-\" \"-\" \"-\" outbound|1||H ")
}

func FuzzALB(f *testing.F) {
	fuzzColumns(f, "alb", `ws 2026-02-10T20:23:32Z a :: : 9223372036.9 9223372036 1e99 100 - - 9 "- http://[::" "\x41\"" - - - "Root="`)
}

func FuzzELB(f *testing.F) {
	fuzzColumns(f, "elb", `2026-02-10T20:23:32Z a 1.1.1.1:1 - -1 -1 -1 - - - - "- - - "`)
}

func FuzzNLB(f *testing.F) {
	fuzzColumns(f, "nlb", "tls 2.0 2026-02-10T20:23:32 a b 1.1.1.1:1 - 5 - 9 0 70 - - - - - EXAMPLE.com. - - - x", "tls 1.0 2026-02-10T20:23:32 a b")
}

func FuzzS3(f *testing.F) {
	fuzzColumns(f, "s3", `0123 b [10/Feb/2026:21:23:32 +0100] - - - - - - - - - - 9 "\x00" "`, `0123 bkt [10/Feb/2026:21:23:32 +0100] 1 2 3 4 5 "A B"C" 100 X 1 1 9223372036854775807 1 "-" "-" - h s c a H. -`)
}

func FuzzW3C(f *testing.F) {
	fuzzColumns(f, "w3c", "#Fields: date time cs-method cs-uri sc-status time-taken cs(User-Agent) x-exception-id\n#Date: 2026-02-10\n\"2026-02-10\" 20:23:32 \"a\"\"b\" H.x/y?z 000 1.5 + -\n",
		"2026-02-10\t20:23:32\tFRA5\t1\t1.1.1.1\tGET\tH\t/\t000\t-\t%00%ff%41\t-\t-", "#Fields: date-local time-local sc-status x-edge-y\tcs(User-Agent)\n\t\t\t200\n")
}

func FuzzIISEvent(f *testing.F) {
	fuzzColumns(f, "iis_event", `<Event ><System SystemTime='2026-02-10T20:23:32Z'/><EventData><Data Name="cs-method">&#65;&#x110000;&amp;</Data><Data Name=""/><Data Name='sc-status'>200</Data><Data ></EventData>`)
}

func FuzzZeek(f *testing.F) {
	fuzzColumns(f, "zeek", "#separator \\x2c\n#unset_field,\n#fields,ts,status_code,uri,host,id.resp_h\n1e9,200,\\x00\\xff,H:1,fe80::1\n")
}

func FuzzLTSV(f *testing.F) {
	fuzzColumns(f, "ltsv", "time:[10/Feb/2026:21:23:32]\tREQ:A B\tstatus:000\treqtime:1e9\thost:[::1]:1\n:\t:\t:\na:\tb:\tc:\t\\x41")
}

func FuzzHeroku(f *testing.F) {
	fuzzColumns(f, "heroku", "at=error code=H12 desc=\"a b\"c d=e path=\"\n<1>1 2026-02-10T20:23:32Z h heroku router - at= status=\n2026-02-10T20:23:32Z app[web.1]: x")
}

func FuzzLogfmt(f *testing.F) {
	fuzzColumns(f, "logfmt", `t=1e9 status=200 url="A://B\n\x00" duration_ms=1 http.response.header.x-y=z body="{\"a\"" c`, `a= b="c d="e f=g`)
}
