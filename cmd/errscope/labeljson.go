package main

import (
	"encoding/json"
	"time"

	"github.com/errscope/errscope/record"
)

// labelJSON is the answer of classify, in the order of the contract (§3).
type labelJSON struct {
	ID             json.RawMessage   `json:"id,omitempty"`
	Failure        bool              `json:"failure"`
	Vendor         string            `json:"vendor,omitempty"`
	Category       record.Category   `json:"category,omitempty"`
	Code           string            `json:"code,omitempty"`
	Type           string            `json:"type,omitempty"`
	Message        string            `json:"message,omitempty"`
	Retry          record.Retry      `json:"retry,omitempty"`
	RetryAt        string            `json:"retry_at,omitempty"`
	RetryAfterS    *float64          `json:"retry_after_s,omitempty"`
	RetrySource    string            `json:"retry_source,omitempty"`
	Fault          record.Fault      `json:"fault,omitempty"`
	Benign         bool              `json:"benign"`
	ContactSupport bool              `json:"contact_support"`
	Outage         bool              `json:"outage"`
	Status         *int              `json:"status,omitempty"`
	BodyStatus     int               `json:"body_status,omitempty"`
	RequestID      string            `json:"request_id,omitempty"`
	Quota          *quotaJSON        `json:"quota,omitempty"`
	Confidence     record.Confidence `json:"confidence,omitempty"`
	Candidates     []string          `json:"candidates,omitempty"`
	Rule           string            `json:"rule,omitempty"`
	PackVersion    string            `json:"pack_version,omitempty"` // of the rule's pack
	Evidence       []string          `json:"evidence,omitempty"`
	Action         string            `json:"action,omitempty"`
}

type quotaJSON struct {
	Name      string `json:"name,omitempty"`
	Tier      string `json:"tier,omitempty"`
	Period    string `json:"period,omitempty"`
	Limit     *int64 `json:"limit,omitempty"`
	Used      *int64 `json:"used,omitempty"`
	Remaining *int64 `json:"remaining,omitempty"`
	ResetAt   string `json:"reset_at,omitempty"`
}

func newLabelJSON(id json.RawMessage, l *record.Label, packVersion string) labelJSON {
	out := labelJSON{
		ID: id, Failure: l.Failure, Vendor: l.Vendor, Category: l.Category, Code: l.Code, Type: l.Type, Message: l.Message,
		Retry: l.Retry, RetryAt: instantText(l.RetryAt), RetrySource: l.RetrySource, Fault: l.Fault, Benign: l.Benign,
		ContactSupport: l.ContactSupport, Outage: l.Outage, BodyStatus: l.BodyStatus, RequestID: l.RequestID,
		Confidence: l.Confidence, Candidates: l.Candidates, Rule: l.Rule, PackVersion: packVersion, Evidence: l.Evidence, Action: l.Action,
	}
	if l.RetryAfterS != record.Absent {
		out.RetryAfterS = &l.RetryAfterS
	}
	if l.Status != record.Absent {
		out.Status = &l.Status
	}
	if q := &l.Quota; q.Stated() || q.Name != "" {
		out.Quota = &quotaJSON{Name: q.Name, Tier: q.Tier, Period: q.Period, Limit: stated(&q.Limit), Used: stated(&q.Used),
			Remaining: stated(&q.Remaining), ResetAt: instantText(q.ResetAt)}
	}
	return out
}

// stated is nil for a number that the response did not give.
func stated(n *int64) *int64 {
	if *n == record.Absent {
		return nil
	}
	return n
}

func instantText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}
