package store

import "github.com/duckdb/duckdb-go/v2"

// The columns of requests_full, in the order of the table and of
// queries.LoadFull. They number the vectors of a chunk.
const (
	colTS = iota
	colVendor
	colHost
	colMethod
	colRoute
	colPath
	colQuery
	colStatus
	colBodyStatus
	colCategory
	colCode
	colErrorType
	colMessage
	colRetry
	colRetryAt
	colFault
	colBenign
	colContactSupport
	colOutage
	colConfidence
	colRule
	colCandidates
	colRetryAfterS
	colRetrySource
	colRequestID
	colClientRequestID
	colTraceID
	colRequestKey
	colDurationMS
	colBytes
	colClient
	colUserAgent
	colAccount
	colDirection
	colQuotaName
	colQuotaLimit
	colQuotaUsed
	colQuotaRemaining
	colQuotaResetAt
	colBody
	colSourceID
	colSourceOffset
	colHeaders
	colRequestHeaders
	colUpstreamStatus
	colUpstreamHost
	colTransportError
	colNamedVendor
	colQuotaBasis
	colQuotaPeriod
	colQuotaCost
	colRequestHash
	colClientRequestHash
	colSpanHash
	columnCount
)

// The columns of requests_brief, likewise.
const (
	briefTS = iota
	briefEndpoint
	briefStatus
	briefRequestKey
	briefDurationMS
	briefBytes
	briefSourceID
	briefSourceOffset
	briefTraceID
	briefRequestHash
	briefClientRequestHash
	briefSpanHash
)

// column is the name and type of one column.
type column struct {
	name string
	kind duckdb.Type
}

// fullColumns is never written.
var fullColumns = []column{
	colTS:                {"ts", duckdb.TYPE_TIMESTAMP},
	colVendor:            {"vendor", duckdb.TYPE_VARCHAR},
	colHost:              {"host", duckdb.TYPE_VARCHAR},
	colMethod:            {"method", duckdb.TYPE_VARCHAR},
	colRoute:             {"route", duckdb.TYPE_VARCHAR},
	colPath:              {"path", duckdb.TYPE_VARCHAR},
	colQuery:             {"query", duckdb.TYPE_VARCHAR},
	colStatus:            {"status", duckdb.TYPE_SMALLINT},
	colBodyStatus:        {"body_status", duckdb.TYPE_SMALLINT},
	colCategory:          {"category", duckdb.TYPE_VARCHAR},
	colCode:              {"code", duckdb.TYPE_VARCHAR},
	colErrorType:         {"error_type", duckdb.TYPE_VARCHAR},
	colMessage:           {"message", duckdb.TYPE_VARCHAR},
	colRetry:             {"retry", duckdb.TYPE_VARCHAR},
	colRetryAt:           {"retry_at", duckdb.TYPE_TIMESTAMP},
	colFault:             {"fault", duckdb.TYPE_VARCHAR},
	colBenign:            {"benign", duckdb.TYPE_BOOLEAN},
	colContactSupport:    {"contact_support", duckdb.TYPE_BOOLEAN},
	colOutage:            {"outage", duckdb.TYPE_BOOLEAN},
	colConfidence:        {"confidence", duckdb.TYPE_VARCHAR},
	colRule:              {"rule", duckdb.TYPE_VARCHAR},
	colCandidates:        {"candidates", duckdb.TYPE_VARCHAR},
	colRetryAfterS:       {"retry_after_s", duckdb.TYPE_DOUBLE},
	colRetrySource:       {"retry_source", duckdb.TYPE_VARCHAR},
	colRequestID:         {"request_id", duckdb.TYPE_VARCHAR},
	colClientRequestID:   {"client_request_id", duckdb.TYPE_VARCHAR},
	colTraceID:           {"trace_id", duckdb.TYPE_VARCHAR},
	colRequestKey:        {"request_key", duckdb.TYPE_UBIGINT},
	colDurationMS:        {"duration_ms", duckdb.TYPE_DOUBLE},
	colBytes:             {"bytes", duckdb.TYPE_BIGINT},
	colClient:            {"client", duckdb.TYPE_VARCHAR},
	colUserAgent:         {"user_agent", duckdb.TYPE_VARCHAR},
	colAccount:           {"account", duckdb.TYPE_VARCHAR},
	colDirection:         {"direction", duckdb.TYPE_VARCHAR},
	colQuotaName:         {"quota_name", duckdb.TYPE_VARCHAR},
	colQuotaLimit:        {"quota_limit", duckdb.TYPE_BIGINT},
	colQuotaUsed:         {"quota_used", duckdb.TYPE_BIGINT},
	colQuotaRemaining:    {"quota_remaining", duckdb.TYPE_BIGINT},
	colQuotaResetAt:      {"quota_reset_at", duckdb.TYPE_TIMESTAMP},
	colBody:              {"body", duckdb.TYPE_VARCHAR},
	colSourceID:          {"source_id", duckdb.TYPE_BIGINT},
	colSourceOffset:      {"source_offset", duckdb.TYPE_BIGINT},
	colHeaders:           {"headers", duckdb.TYPE_VARCHAR},
	colRequestHeaders:    {"request_headers", duckdb.TYPE_VARCHAR},
	colUpstreamStatus:    {"upstream_status", duckdb.TYPE_VARCHAR},
	colUpstreamHost:      {"upstream_host", duckdb.TYPE_VARCHAR},
	colTransportError:    {"transport_error", duckdb.TYPE_VARCHAR},
	colNamedVendor:       {"named_vendor", duckdb.TYPE_VARCHAR},
	colQuotaBasis:        {"quota_basis", duckdb.TYPE_VARCHAR},
	colQuotaPeriod:       {"quota_period", duckdb.TYPE_VARCHAR},
	colQuotaCost:         {"quota_cost", duckdb.TYPE_BIGINT},
	colRequestHash:       {"request_hash", duckdb.TYPE_UBIGINT},
	colClientRequestHash: {"client_request_hash", duckdb.TYPE_UBIGINT},
	colSpanHash:          {"span_hash", duckdb.TYPE_UBIGINT},
}

// briefColumns is never written.
var briefColumns = []column{
	briefTS:                {"ts", duckdb.TYPE_TIMESTAMP},
	briefEndpoint:          {"endpoint_id", duckdb.TYPE_INTEGER},
	briefStatus:            {"status", duckdb.TYPE_SMALLINT},
	briefRequestKey:        {"request_key", duckdb.TYPE_UBIGINT},
	briefDurationMS:        {"duration_ms", duckdb.TYPE_DOUBLE},
	briefBytes:             {"bytes", duckdb.TYPE_BIGINT},
	briefSourceID:          {"source_id", duckdb.TYPE_BIGINT},
	briefSourceOffset:      {"source_offset", duckdb.TYPE_BIGINT},
	briefTraceID:           {"trace_id", duckdb.TYPE_UUID},
	briefRequestHash:       {"request_hash", duckdb.TYPE_UBIGINT},
	briefClientRequestHash: {"client_request_hash", duckdb.TYPE_UBIGINT},
	briefSpanHash:          {"span_hash", duckdb.TYPE_UBIGINT},
}

// columnInfos describes columns to DuckDB.
func columnInfos(columns []column) ([]duckdb.ColumnInfo, error) {
	list := make([]duckdb.ColumnInfo, len(columns))
	for i, c := range columns {
		t, err := duckdb.NewTypeInfo(c.kind)
		if err != nil {
			return nil, err
		}
		list[i] = duckdb.ColumnInfo{Name: c.name, T: t}
	}
	return list, nil
}
