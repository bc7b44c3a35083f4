package ingest

import (
	"bytes"
	"time"

	"github.com/errscope/errscope/record"
)

// The dialects of frameworks and loggers whose names mean something else than
// they do elsewhere. They have no format of their own: their lines are JSON
// lines of an application.

var dotnetDialect = dialect{
	info:    FormatInfo{Name: "json"},
	marks:   []string{"EventId LogLevel Category", "EventId Category State"},
	general: true,
	names: []named{
		{fieldLogger, 0, "category"},
		{fieldURL, 0, "uri requesturi"},
		{fieldMethod, 0, "httpmethod method"},
		{fieldStatus, 0, "statuscode"},
		{fieldDuration, time.Millisecond, "elapsedmilliseconds"},
	},
	finish: finishHTTPClient,
}

var serilogDialect = dialect{
	info:    FormatInfo{Name: "json"},
	marks:   []string{"@t @m", "@t @mt", "@t @i", "MessageTemplate Properties", "MessageTemplate Timestamp"},
	general: true,
	names: []named{
		{fieldTime, 0, "@t timestamp"},
		{fieldLogger, 0, "sourcecontext"},
		{fieldMessage, 0, "@m renderedmessage @mt messagetemplate"},
		{fieldURL, 0, "uri requesturi"},
		{fieldMethod, 0, "httpmethod requestmethod method"},
		{fieldPath, 0, "requestpath path"},
		{fieldStatus, 0, "statuscode"},
		{fieldDuration, time.Millisecond, "elapsed elapsedmilliseconds elapsedms"},
		{fieldFailure, 0, "@x exception"},
	},
	finish: finishHTTPClient,
}

// finishHTTPClient keeps one of the two messages with a status that .NET's
// HttpClient writes for a call: that of the inner handler, which there is for
// each attempt.
func finishHTTPClient(p *jsonLines, _ *record.Draft) record.Reason {
	if bytes.HasSuffix(p.get(fieldLogger), []byte(".LogicalHandler")) || bytes.HasPrefix(p.get(fieldMessage), []byte("End processing HTTP request")) {
		return record.IgnoreContinued
	}
	if bytes.HasPrefix(p.get(fieldLogger), []byte("System.Net.Http.HttpClient")) {
		p.way = wayOut
	}
	return ""
}

// logrageDialect is lograge, and Rails' own structured logs.
var logrageDialect = dialect{
	info:    FormatInfo{Name: "json"},
	marks:   []string{"controller action duration"},
	general: true,
	names:   []named{{fieldDuration, time.Millisecond, "duration"}},
	way:     wayIn,
}

// splunkDialect is what Splunk's collector puts around an event.
var splunkDialect = dialect{
	info:     FormatInfo{Name: "json"},
	marks:    []string{"sourcetype event"},
	general:  true,
	wrappers: "event",
}

// nodeDialect is pino and bunyan, whose hostname is the machine's. That of the
// call stands in the URL or in the header fields.
var nodeDialect = dialect{
	info:    FormatInfo{Name: "json"},
	marks:   []string{"pid hostname"},
	general: true,
	names:   []named{{fieldIgnored, 0, "hostname"}},
}

// otelLogDialect is OpenTelemetry's log records, one a line, whose body is the
// text of the logger and none of a response.
var otelLogDialect = dialect{
	info:    FormatInfo{Name: "json"},
	marks:   []string{"severityText body", "severityNumber body"},
	general: true,
	names:   []named{{fieldMessage, 0, "body"}},
}

// zeekDialect is Zeek's http.log as JSON.
var zeekDialect = dialect{
	info:    FormatInfo{Name: "json"},
	marks:   []string{"id.orig_h id.resp_h uid"},
	general: true,
	names: []named{
		{fieldClient, 0, "id.origh"},
		{fieldUpstreamAddr, 0, "id.resph"},
		{fieldBytes, 0, "responsebodylen"},
	},
}
