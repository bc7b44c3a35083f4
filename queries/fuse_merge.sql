-- question: (a step of fusion) Make one row of the lines of one exchange each, for the exchanges from one number up to before another.
-- parameters: from_cluster, to_cluster
-- columns: none
-- order: none

-- What comes from the log goes by log_rank, what comes from the captured answer
-- by body_rank; the least one that tells it counts.
-- Nearly all exchanges have two lines, for which a join does: texts are not carried
-- through an aggregate, and not kept on the way.
CREATE OR REPLACE TEMP TABLE fuse_rows AS
WITH lines AS NOT MATERIALIZED (
    SELECT *, CASE WHEN vendor NOT IN ('unknown', 'generic') THEN vendor END AS known_vendor,
        -- A time without a part of a second is told less precisely.
        CASE WHEN epoch_us(ts) % 1000 <> 0 THEN 0 WHEN epoch_us(ts) % 1000000 <> 0 THEN 1000 ELSE 2000 END AS blur
    FROM (
        SELECT c.cluster, c.lines, c.into_source_id, c.into_offset, c.fused_by, c.log_rank,
            CASE WHEN e.answered THEN 2000 ELSE 3000 END - c.log_rank AS body_rank,
            b.ts, e.vendor, e.host, e.method, e.route, b.status, e.account, e.direction, e.named_vendor, replace(b.trace_id::VARCHAR, '-', '') AS trace_id,
            b.request_key, b.duration_ms, b.bytes, b.request_hash, b.client_request_hash, b.span_hash
        FROM fused_brief b
        JOIN (FROM temp.fuse_changes WHERE cluster >= $from_cluster AND cluster < $to_cluster) c ON c.source_id = b.source_id AND c.source_offset = b.source_offset
        JOIN endpoints e ON e.endpoint_id = b.endpoint_id
        UNION ALL BY NAME
        SELECT f.* EXCLUDE (source_id, source_offset, into_source_id, into_offset, fused_key),
            c.cluster, c.lines, c.into_source_id, c.into_offset, c.fused_by, c.log_rank,
            CASE WHEN f.body IS NOT NULL THEN 0 WHEN f.headers IS NOT NULL THEN 1000 WHEN f.quota_basis IS NOT NULL THEN 1500 ELSE 3000 END - c.log_rank AS body_rank
        FROM fused_full f
        JOIN (FROM temp.fuse_changes WHERE cluster >= $from_cluster AND cluster < $to_cluster) c ON c.source_id = f.source_id AND c.source_offset = f.source_offset
    )
)
SELECT a.cluster AS row_number, CASE WHEN a.ts IS NULL OR b.blur < a.blur THEN b.ts ELSE a.ts END AS ts,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.known_vendor END, a.known_vendor, b.known_vendor, a.vendor, b.vendor) AS vendor,
    coalesce(a.host, b.host) AS host, coalesce(a.method, b.method) AS method, coalesce(a.route, b.route) AS route, coalesce(a.path, b.path) AS path,
    coalesce(a.query, b.query) AS query, coalesce(a.status, b.status) AS status,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.body_status END, a.body_status, b.body_status) AS body_status,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.category END, a.category, b.category) AS category,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.code END, a.code, b.code) AS code,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.error_type END, a.error_type, b.error_type) AS error_type,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.message END, a.message, b.message) AS message,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.retry END, a.retry, b.retry) AS retry,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.retry_at END, a.retry_at, b.retry_at) AS retry_at,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.fault END, a.fault, b.fault) AS fault, coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.benign END, a.benign, b.benign) AS benign,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.contact_support END, a.contact_support, b.contact_support) AS contact_support,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.outage END, a.outage, b.outage) AS outage,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.confidence END, a.confidence, b.confidence) AS confidence,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.rule END, a.rule, b.rule) AS rule,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.candidates END, a.candidates, b.candidates) AS candidates,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.retry_after_s END, a.retry_after_s, b.retry_after_s) AS retry_after_s,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.retry_source END, a.retry_source, b.retry_source) AS retry_source,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.request_id END, a.request_id, b.request_id) AS request_id,
    coalesce(a.client_request_id, b.client_request_id) AS client_request_id, coalesce(a.trace_id, b.trace_id) AS trace_id,
    coalesce(a.request_key, b.request_key) AS request_key, coalesce(a.duration_ms, b.duration_ms) AS duration_ms, coalesce(a.bytes, b.bytes) AS bytes,
    coalesce(a.client, b.client) AS client, coalesce(a.user_agent, b.user_agent) AS user_agent,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.account END, a.account, b.account) AS account, coalesce(a.direction, b.direction) AS direction,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.quota_name END, a.quota_name, b.quota_name) AS quota_name,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.quota_limit END, a.quota_limit, b.quota_limit) AS quota_limit,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.quota_used END, a.quota_used, b.quota_used) AS quota_used,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.quota_remaining END, a.quota_remaining, b.quota_remaining) AS quota_remaining,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.quota_reset_at END, a.quota_reset_at, b.quota_reset_at) AS quota_reset_at,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.body END, a.body, b.body) AS body, a.into_source_id AS source_id, a.into_offset AS source_offset,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.headers END, a.headers, b.headers) AS headers,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.request_headers END, a.request_headers, b.request_headers) AS request_headers,
    coalesce(a.upstream_status, b.upstream_status) AS upstream_status, coalesce(a.upstream_host, b.upstream_host) AS upstream_host,
    coalesce(a.transport_error, b.transport_error) AS transport_error,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.named_vendor END, a.named_vendor, b.named_vendor) AS named_vendor,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.quota_basis END, a.quota_basis, b.quota_basis) AS quota_basis,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.quota_period END, a.quota_period, b.quota_period) AS quota_period,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.quota_cost END, a.quota_cost, b.quota_cost) AS quota_cost,
    coalesce(CASE WHEN b.body_rank < a.body_rank THEN b.request_hash END, a.request_hash, b.request_hash) AS request_hash,
    coalesce(a.client_request_hash, b.client_request_hash) AS client_request_hash, coalesce(a.span_hash, b.span_hash) AS span_hash, a.fused_by,
    CASE WHEN a.status <> b.status THEN b.status END AS other_status
FROM (SELECT * FROM lines WHERE lines = 2 AND log_rank = 0) a
JOIN (SELECT * FROM lines WHERE lines = 2 AND log_rank = 1) b ON b.cluster = a.cluster;
