package jsonscan

import "testing"

// BenchmarkSkipString passes over a body that was logged as a string: a
// backslash stands before each of its quotes.
func BenchmarkSkipString(b *testing.B) {
	text := []byte(`"{\"data\":{\"vehicle\":{\"make\":\"Skoda\",\"model\":\"Octavia\",\"year\":2019,\"mileage\":51234,\"fuel\":\"diesel\",` +
		`\"history\":[{\"date\":\"2024-01-02\",\"kind\":\"service\",\"km\":51000}],\"note\":\"measured while the vehicle stood\"}}}"`)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if end, err := skipString(text, 0); err != nil || end != len(text) {
			b.Fatal(end, err)
		}
	}
}
