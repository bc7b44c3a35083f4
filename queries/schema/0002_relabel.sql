-- What a label depends on and no other column tells, so that rows can be
-- labelled anew when packs change. Mostly failures have it.
ALTER TABLE requests_full ADD COLUMN upstream_status VARCHAR; -- as logged, a list in order of attempts
ALTER TABLE requests_full ADD COLUMN upstream_host   VARCHAR; -- likewise
ALTER TABLE requests_full ADD COLUMN transport_error VARCHAR; -- the transport's words where there was no response
ALTER TABLE requests_full ADD COLUMN named_vendor    VARCHAR; -- the pack that the input itself named

-- answered says that headers or a body were seen, which may have told the vendor
-- and are not kept of a success; NULL is not known.
ALTER TABLE endpoints ADD COLUMN answered     BOOLEAN;
ALTER TABLE endpoints ADD COLUMN named_vendor VARCHAR;

-- A status row says what a status means, not what a code or message means.
ALTER TABLE rules ADD COLUMN status_row BOOLEAN;

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
    NULL::VARCHAR AS upstream_status, NULL::VARCHAR AS upstream_host, NULL::VARCHAR AS transport_error, e.named_vendor
FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
UNION ALL
SELECT
    ts, vendor, host, method, route, path, query, status, body_status, category, code, error_type, message, retry, retry_at,
    fault, benign, contact_support, outage, confidence, rule, candidates, retry_after_s, retry_source, request_id,
    client_request_id, trace_id, request_key, duration_ms, bytes, client, user_agent, account, direction, quota_name,
    quota_limit, quota_used, quota_remaining, quota_reset_at, body, source_id, source_offset, headers, request_headers,
    upstream_status, upstream_host, transport_error, named_vendor
FROM requests_full;

-- The same words as before, over the columns of now.
CREATE OR REPLACE VIEW failures AS
SELECT * FROM requests_full
WHERE category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback');
