-- question: (a step of labelling anew) Store what changed.
-- parameters: none
-- columns: none
-- order: none

-- A table anew, and not an UPDATE: that would hold all that changes in memory,
-- and DuckDB may keep rows of an INSERT that was killed in its commit, but not
-- those of a table that was never committed.
CREATE TABLE requests_anew AS
SELECT
    f.ts,
    CASE WHEN r.row_number IS NULL THEN f.vendor ELSE r.vendor END AS vendor,
    f.host, f.method, f.route, f.path, f.query, f.status,
    CASE WHEN r.row_number IS NULL THEN f.body_status ELSE r.body_status END AS body_status,
    CASE WHEN r.row_number IS NULL THEN f.category ELSE r.category END AS category,
    CASE WHEN r.row_number IS NULL THEN f.code ELSE r.code END AS code,
    CASE WHEN r.row_number IS NULL THEN f.error_type ELSE r.error_type END AS error_type,
    CASE WHEN r.row_number IS NULL THEN f.message ELSE r.message END AS message,
    CASE WHEN r.row_number IS NULL THEN f.retry ELSE r.retry END AS retry,
    CASE WHEN r.row_number IS NULL THEN f.retry_at ELSE r.retry_at END AS retry_at,
    CASE WHEN r.row_number IS NULL THEN f.fault ELSE r.fault END AS fault,
    CASE WHEN r.row_number IS NULL THEN f.benign ELSE r.benign END AS benign,
    CASE WHEN r.row_number IS NULL THEN f.contact_support ELSE r.contact_support END AS contact_support,
    CASE WHEN r.row_number IS NULL THEN f.outage ELSE r.outage END AS outage,
    CASE WHEN r.row_number IS NULL THEN f.confidence ELSE r.confidence END AS confidence,
    CASE WHEN r.row_number IS NULL THEN f.rule ELSE r.rule END AS rule,
    CASE WHEN r.row_number IS NULL THEN f.candidates ELSE r.candidates END AS candidates,
    CASE WHEN r.row_number IS NULL THEN f.retry_after_s ELSE r.retry_after_s END AS retry_after_s,
    CASE WHEN r.row_number IS NULL THEN f.retry_source ELSE r.retry_source END AS retry_source,
    CASE WHEN r.row_number IS NULL THEN f.request_id ELSE r.request_id END AS request_id,
    f.client_request_id, f.trace_id, f.request_key, f.duration_ms, f.bytes, f.client, f.user_agent, f.account,
    CASE WHEN r.row_number IS NULL THEN f.direction ELSE r.direction END AS direction,
    CASE WHEN r.row_number IS NULL THEN f.quota_name ELSE r.quota_name END AS quota_name,
    CASE WHEN r.row_number IS NULL THEN f.quota_limit ELSE r.quota_limit END AS quota_limit,
    CASE WHEN r.row_number IS NULL THEN f.quota_used ELSE r.quota_used END AS quota_used,
    CASE WHEN r.row_number IS NULL THEN f.quota_remaining ELSE r.quota_remaining END AS quota_remaining,
    CASE WHEN r.row_number IS NULL THEN f.quota_reset_at ELSE r.quota_reset_at END AS quota_reset_at,
    f.body, f.source_id, f.source_offset, f.headers, f.request_headers, f.upstream_status, f.upstream_host, f.transport_error,
    f.named_vendor,
    CASE WHEN r.row_number IS NULL THEN f.quota_basis ELSE r.quota_basis END AS quota_basis,
    CASE WHEN r.row_number IS NULL THEN f.quota_period ELSE r.quota_period END AS quota_period,
    CASE WHEN r.row_number IS NULL THEN f.quota_cost ELSE r.quota_cost END AS quota_cost,
    CASE WHEN r.row_number IS NULL THEN f.request_hash ELSE r.request_hash END AS request_hash,
    f.client_request_hash, f.span_hash, f.fused_by, f.other_status
FROM requests_full f LEFT JOIN temp.relabelled r ON r.row_number = f.rowid
UNION ALL
-- Calls that count as failures now, such as those to a host that was thought our own.
SELECT
    b.ts, r.vendor, e.host, e.method, e.route, NULL, NULL, b.status, r.body_status, r.category, r.code, r.error_type, r.message,
    r.retry, r.retry_at, r.fault, r.benign, r.contact_support, r.outage, r.confidence, r.rule, r.candidates, r.retry_after_s,
    r.retry_source, r.request_id, NULL, replace(b.trace_id::VARCHAR, '-', ''), b.request_key, b.duration_ms, b.bytes, NULL, NULL,
    e.account, r.direction, r.quota_name, r.quota_limit, r.quota_used, r.quota_remaining, r.quota_reset_at, NULL, b.source_id,
    b.source_offset, NULL, NULL, NULL, NULL, NULL, e.named_vendor,
    r.quota_basis, r.quota_period, r.quota_cost,
    coalesce(r.request_hash, b.request_hash), b.client_request_hash, b.span_hash, NULL, NULL
FROM requests_brief b
JOIN temp.relabelled r ON r.endpoint_id = b.endpoint_id AND r.status = b.status
JOIN endpoints e ON e.endpoint_id = b.endpoint_id;

DROP TABLE requests_full;
ALTER TABLE requests_anew RENAME TO requests_full;

DELETE FROM requests_brief b USING temp.relabelled r
WHERE r.endpoint_id = b.endpoint_id AND r.status = b.status;

UPDATE endpoints SET vendor = n.vendor, direction = n.direction
FROM temp.readdressed n
WHERE n.endpoint_id = endpoints.endpoint_id;
