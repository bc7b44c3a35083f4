-- One exchange that several lines tell of is one row of requests. What each line
-- said is kept as it was loaded, in fused_brief and fused_full, so that the lines
-- can be parted again when one of them goes or another comes.

-- Hashes of the ids by which lines are joined; of successes the ids are not kept.
ALTER TABLE requests_brief ADD COLUMN request_hash        UBIGINT;
ALTER TABLE requests_brief ADD COLUMN client_request_hash UBIGINT;
ALTER TABLE requests_brief ADD COLUMN span_hash           UBIGINT;
ALTER TABLE requests_full  ADD COLUMN request_hash        UBIGINT;
ALTER TABLE requests_full  ADD COLUMN client_request_hash UBIGINT;
ALTER TABLE requests_full  ADD COLUMN span_hash           UBIGINT;

-- By which keys the row was fused, NULL where one line tells all; and the status
-- that another line states, where they disagree.
ALTER TABLE requests_full ADD COLUMN fused_by     VARCHAR;
ALTER TABLE requests_full ADD COLUMN other_status SMALLINT;

CREATE TABLE fused_brief AS
SELECT b.*, 0::BIGINT AS into_source_id, 0::BIGINT AS into_offset, '' AS fused_key
FROM requests_brief b WHERE false;

CREATE TABLE fused_full AS
SELECT f.* EXCLUDE (fused_by, other_status), 0::BIGINT AS into_source_id, 0::BIGINT AS into_offset, '' AS fused_key
FROM requests_full f WHERE false;

-- Lines that another source may tell of, too, but which of its lines is not
-- certain: by the first key that both carry, and how many lines came into question.
CREATE TABLE left_apart (
    source_id     BIGINT,
    source_offset BIGINT,
    key           VARCHAR,
    candidates    BIGINT
);

-- Every line that is a part of a fused row of requests, and the place of that row:
-- it is the place of one of its lines.
CREATE VIEW fused AS
SELECT source_id, source_offset, into_source_id, into_offset, fused_key AS key FROM fused_brief
UNION ALL
SELECT source_id, source_offset, into_source_id, into_offset, fused_key AS key FROM fused_full;

-- What each line said, one row a line.
CREATE VIEW sides AS
SELECT source_id, source_offset, ts, status, duration_ms, bytes, request_key, request_hash, client_request_hash, span_hash, trace_id
FROM requests_brief
UNION ALL
SELECT source_id, source_offset, ts, status, duration_ms, bytes, request_key, request_hash, client_request_hash, span_hash,
    coalesce(try_cast(trace_id AS UUID), md5(trace_id)::UUID) AS trace_id
FROM requests_full WHERE fused_by IS NULL
UNION ALL
SELECT source_id, source_offset, ts, status, duration_ms, bytes, request_key, request_hash, client_request_hash, span_hash, trace_id
FROM fused_brief
UNION ALL
SELECT source_id, source_offset, ts, status, duration_ms, bytes, request_key, request_hash, client_request_hash, span_hash,
    coalesce(try_cast(trace_id AS UUID), md5(trace_id)::UUID) AS trace_id
FROM fused_full;

CREATE OR REPLACE VIEW requests AS
SELECT
    b.ts, e.vendor, e.host, e.method, e.route, NULL::VARCHAR AS path, NULL::VARCHAR AS query, b.status,
    NULL::SMALLINT AS body_status, NULL::VARCHAR AS category, NULL::VARCHAR AS code, NULL::VARCHAR AS error_type,
    NULL::VARCHAR AS message, NULL::VARCHAR AS retry, NULL::TIMESTAMP AS retry_at, NULL::VARCHAR AS fault,
    NULL::BOOLEAN AS benign, NULL::BOOLEAN AS contact_support, NULL::BOOLEAN AS outage, NULL::VARCHAR AS confidence,
    NULL::VARCHAR AS rule, NULL::VARCHAR AS candidates, NULL::DOUBLE AS retry_after_s, NULL::VARCHAR AS retry_source,
    NULL::VARCHAR AS request_id, NULL::VARCHAR AS client_request_id, replace(b.trace_id::VARCHAR, '-', '') AS trace_id, b.request_key, b.duration_ms,
    b.bytes, NULL::VARCHAR AS client, NULL::VARCHAR AS user_agent, e.account, e.direction, NULL::VARCHAR AS quota_name,
    NULL::BIGINT AS quota_limit, NULL::BIGINT AS quota_used, NULL::BIGINT AS quota_remaining, NULL::TIMESTAMP AS quota_reset_at,
    NULL::VARCHAR AS body, b.source_id, b.source_offset, NULL::VARCHAR AS headers, NULL::VARCHAR AS request_headers,
    NULL::VARCHAR AS upstream_status, NULL::VARCHAR AS upstream_host, NULL::VARCHAR AS transport_error, e.named_vendor,
    NULL::VARCHAR AS quota_basis, NULL::VARCHAR AS quota_period, NULL::BIGINT AS quota_cost,
    NULL::VARCHAR AS fused_by, NULL::SMALLINT AS other_status
FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
UNION ALL
SELECT
    ts, vendor, host, method, route, path, query, status, body_status, category, code, error_type, message, retry, retry_at,
    fault, benign, contact_support, outage, confidence, rule, candidates, retry_after_s, retry_source, request_id,
    client_request_id, trace_id, request_key, duration_ms, bytes, client, user_agent, account, direction, quota_name,
    quota_limit, quota_used, quota_remaining, quota_reset_at, body, source_id, source_offset, headers, request_headers,
    upstream_status, upstream_host, transport_error, named_vendor,
    quota_basis, quota_period, quota_cost,
    fused_by, other_status
FROM requests_full;

-- The same rows as before. The hashes are for the store only.
CREATE OR REPLACE VIEW failures AS
SELECT
    ts, vendor, host, method, route, path, query, status, body_status, category, code, error_type, message, retry, retry_at,
    fault, benign, contact_support, outage, confidence, rule, candidates, retry_after_s, retry_source, request_id,
    client_request_id, trace_id, request_key, duration_ms, bytes, client, user_agent, account, direction, quota_name,
    quota_limit, quota_used, quota_remaining, quota_reset_at, body, source_id, source_offset, headers, request_headers,
    upstream_status, upstream_host, transport_error, named_vendor,
    quota_basis, quota_period, quota_cost,
    fused_by, other_status
FROM requests_full
WHERE category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback');

CREATE OR REPLACE VIEW outage_failures AS
SELECT w.window_id, f.*
FROM outage_windows w
JOIN failures f ON f.ts >= w.started_at AND (w.ended_at IS NULL OR f.ts <= w.ended_at)
    AND CASE WHEN f.vendor IS NULL OR f.vendor = 'generic' THEN 'unknown' ELSE f.vendor END = w.vendor
    AND (w.host IS NULL OR coalesce(f.host, '') = w.host)
    AND (w.route IS NULL OR coalesce(f.route, '') = w.route)
WHERE f.outage;
