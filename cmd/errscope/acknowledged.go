package main

import (
	"fmt"
	"slices"
	"time"

	"github.com/errscope/errscope/queries"
	"github.com/errscope/errscope/record"
)

// acknowledgedRule is an entry of acknowledged: in the configuration.
type acknowledgedRule struct {
	Vendor   string  `yaml:"vendor"` // or a host that no pack knows
	Code     string  `yaml:"code"`
	Category string  `yaml:"category"`
	PerDay   float64 `yaml:"per_day"`
	Until    string  `yaml:"until"` // a date
	Note     string  `yaml:"note"`
}

// acknowledgements checks the list of the configuration.
func (f *configFile) acknowledgements() ([]queries.Acknowledgement, error) {
	var list []queries.Acknowledgement
	for i, r := range f.Acknowledged {
		a := queries.Acknowledgement{Vendor: r.Vendor, Code: r.Code, Category: record.Category(r.Category), PerDay: r.PerDay, Note: r.Note}
		switch {
		case a.Vendor == "":
			return nil, fmt.Errorf("acknowledged: entry %d names no vendor", i+1)
		case !(a.PerDay >= 0):
			return nil, fmt.Errorf("acknowledged: entry %d: per_day is %v, and may not be negative", i+1, a.PerDay)
		case a.Category != "" && !slices.Contains(record.Categories(), a.Category):
			return nil, fmt.Errorf("acknowledged: entry %d: there is no category %q", i+1, a.Category)
		}
		if r.Until != "" {
			var err error
			if a.Until, err = time.Parse(time.DateOnly, r.Until); err != nil {
				return nil, fmt.Errorf("acknowledged: entry %d: until is %q, and should be a date such as 2026-12-01", i+1, r.Until)
			}
		}
		list = append(list, a)
	}
	return list, nil
}

// known lists the codes that somebody knows of.
func (c *config) known() []queries.Acknowledgement {
	if c == nil {
		return nil
	}
	return c.acknowledged
}
