-- What an answer said of an allowance beside its numbers: body, header, or rate
-- for a short window; the period that it named (2026-06, 2026-06-18); what the
-- call counts as where that is not 1.
ALTER TABLE requests_full ADD COLUMN quota_basis  VARCHAR;
ALTER TABLE requests_full ADD COLUMN quota_period VARCHAR;
ALTER TABLE requests_full ADD COLUMN quota_cost   BIGINT;

ALTER TABLE quota_status ADD COLUMN outlook                   VARCHAR; -- runs_out, lasts, exhausted, over, unknown, past
ALTER TABLE quota_status ADD COLUMN projected_exhaustion_from TIMESTAMP; -- one case in ten is earlier
ALTER TABLE quota_status ADD COLUMN projected_exhaustion_to   TIMESTAMP; -- one in ten is later, NULL where it then lasts
ALTER TABLE quota_status ADD COLUMN as_of                     TIMESTAMP; -- of the newest call that was read
ALTER TABLE quota_status ADD COLUMN burn_per_hour_1h          DOUBLE;
ALTER TABLE quota_status ADD COLUMN burn_per_hour_7d          DOUBLE;
ALTER TABLE quota_status ADD COLUMN counted                   BIGINT; -- what the calls that were read cost
ALTER TABLE quota_status ADD COLUMN unexplained               BIGINT; -- use that the vendor stated and no call explains
ALTER TABLE quota_status ADD COLUMN refusals                  BIGINT;
ALTER TABLE quota_status ADD COLUMN limit_from                TIMESTAMP; -- when the limit was stated

-- The use by the hour, for charts.
CREATE TABLE quota_history (
    vendor       VARCHAR,
    host         VARCHAR,
    account      VARCHAR,
    name         VARCHAR,
    period_start TIMESTAMP,
    hour         TIMESTAMP,
    used         BIGINT, -- at the end of the hour
    quota_limit  BIGINT,
    basis        VARCHAR
);

-- What the hours of an allowance amount to; quota_status is computed from them.
-- Of each hour the first and the last statement of the vendor are kept.
CREATE TABLE quota_hours (
    vendor         VARCHAR,
    host           VARCHAR,
    account        VARCHAR,
    name           VARCHAR,
    hour           TIMESTAMP,
    counted        BIGINT,    -- what the calls of the hour cost
    first_call     TIMESTAMP, -- that counts
    last_call      TIMESTAMP,
    refusals       BIGINT,
    first_refusal  TIMESTAMP,
    call_before    TIMESTAMP, -- the last that counts before first_refusal
    first_stated   TIMESTAMP,
    first_used     BIGINT,
    counted_first  BIGINT,    -- up to the first statement
    last_stated    TIMESTAMP,
    last_used      BIGINT,
    counted_after  BIGINT,    -- after the last one
    last_remaining BIGINT,
    limit_stated   TIMESTAMP,
    stated_limit   BIGINT,
    stated_basis   VARCHAR,
    period         VARCHAR,   -- as the vendor named it
    reset_from     TIMESTAMP, -- the earliest and latest that was stated
    reset_to       TIMESTAMP
);

-- By what the hours were counted; another text makes the next run count anew.
CREATE TABLE quota_rules (
    fingerprint VARCHAR
);

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
    NULL::VARCHAR AS quota_basis, NULL::VARCHAR AS quota_period, NULL::BIGINT AS quota_cost
FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
UNION ALL
SELECT
    ts, vendor, host, method, route, path, query, status, body_status, category, code, error_type, message, retry, retry_at,
    fault, benign, contact_support, outage, confidence, rule, candidates, retry_after_s, retry_source, request_id,
    client_request_id, trace_id, request_key, duration_ms, bytes, client, user_agent, account, direction, quota_name,
    quota_limit, quota_used, quota_remaining, quota_reset_at, body, source_id, source_offset, headers, request_headers,
    upstream_status, upstream_host, transport_error, named_vendor,
    quota_basis, quota_period, quota_cost
FROM requests_full;

-- The same words as before, over the columns of now.
CREATE OR REPLACE VIEW failures AS
SELECT * FROM requests_full
WHERE category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback');
