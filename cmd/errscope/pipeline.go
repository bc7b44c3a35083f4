package main

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"github.com/errscope/errscope/classify"
	"github.com/errscope/errscope/ingest"
	"github.com/errscope/errscope/record"
	"github.com/errscope/errscope/store"
)

// rejectsMax bounds the rejected lines of one segment that get a row of their
// own; the rest are counted in sources.
const rejectsMax = 10_000

// sampleBytesMax bounds what is kept of a rejected line.
const sampleBytesMax = 512

// pipeline makes the readers of one segment: bytes become drafts, drafts are
// sealed, records are labelled.
type pipeline struct {
	policy *record.Policy
	engine *classify.Engine
	// Over all segments, for the progress line.
	records, rejected *atomic.Int64
	masked            *maskedSum

	mu      sync.Mutex
	rejects []store.Reject
}

// reader is one worker's end of the pipeline; it implements store.RowReader.
type reader struct {
	p       *pipeline
	in      *ingest.Reader
	sealer  *record.Sealer
	labeler *classify.Labeler
	draft   record.Draft
	label   record.Label
	sample  []byte
	pending int64
	told    bool
}

func (p *pipeline) newReader(seg *ingest.Segment) *reader {
	return &reader{p: p, in: seg.NewReader(), sealer: p.policy.NewSealer(), labeler: p.engine.NewLabeler()}
}

// progressEvery is how many records a worker reads between two reports.
const progressEvery = 8192

// Next gives the next sound exchange; rejected lines are noted on the way.
func (r *reader) Next() (*record.Record, *record.Label, error) {
	for {
		if err := r.in.Next(&r.draft); err != nil {
			if errors.Is(err, io.EOF) {
				r.p.records.Add(r.pending)
				r.pending = 0
				r.tellMasked()
			}
			return nil, nil, err
		}
		if r.draft.Reject != "" {
			r.reject()
			continue
		}
		rec := r.sealer.Seal(&r.draft)
		r.labeler.Label(rec, &r.label)
		if r.pending++; r.pending == progressEvery {
			r.p.records.Add(r.pending)
			r.pending = 0
		}
		return rec, &r.label, nil
	}
}

// tellMasked adds what the sealer masked, once.
func (r *reader) tellMasked() {
	if !r.told {
		r.told = true
		r.p.masked.add(r.sealer.Counts())
	}
}

func (r *reader) reject() {
	r.p.rejected.Add(1)
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	if len(r.p.rejects) >= rejectsMax {
		return
	}
	r.p.rejects = append(r.p.rejects, store.Reject{
		Offset: r.draft.Offset, Line: r.draft.Line, Reason: r.draft.Reject, Sample: r.maskedSample(),
	})
}

// maskedSample masks before it cuts: half a secret is still a secret.
func (r *reader) maskedSample() string {
	r.sample = r.p.policy.Text(r.sample[:0], r.draft.Raw)
	return string(r.sample[:min(len(r.sample), sampleBytesMax)])
}
