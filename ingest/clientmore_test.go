package ingest_test

import "time"

// nearMarch is when the logs of these tests, some of which state no year, are read.
var nearMarch = time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
