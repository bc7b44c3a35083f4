-- question: (a step of fusion) Make one row of the lines of one exchange each that three lines or more tell of, for the exchanges from one number up to before another.
-- parameters: from_cluster, to_cluster
-- columns: none
-- order: none

-- As for those of two; the least rank that tells it counts.
INSERT INTO temp.fuse_rows BY NAME
WITH told AS MATERIALIZED (
    SELECT *, CASE WHEN vendor NOT IN ('unknown', 'generic') THEN vendor END AS known_vendor,
        -- A time without a part of a second is told less precisely.
        CASE WHEN epoch_us(ts) % 1000 <> 0 THEN 0 WHEN epoch_us(ts) % 1000000 <> 0 THEN 1000 ELSE 2000 END AS blur
    FROM (
        SELECT c.cluster, c.into_source_id, c.into_offset, c.fused_by, c.log_rank,
            CASE WHEN e.answered THEN 2000 ELSE 3000 END - c.log_rank AS body_rank,
            b.ts, e.vendor, e.host, e.method, e.route, b.status, e.account, e.direction, e.named_vendor, replace(b.trace_id::VARCHAR, '-', '') AS trace_id,
            b.request_key, b.duration_ms, b.bytes, b.request_hash, b.client_request_hash, b.span_hash
        FROM fused_brief b
        JOIN (FROM temp.fuse_changes WHERE cluster >= $from_cluster AND cluster < $to_cluster) c
            ON c.source_id = b.source_id AND c.source_offset = b.source_offset AND c.lines > 2
        JOIN endpoints e ON e.endpoint_id = b.endpoint_id
        UNION ALL BY NAME
        SELECT f.* EXCLUDE (source_id, source_offset, into_source_id, into_offset, fused_key),
            c.cluster, c.into_source_id, c.into_offset, c.fused_by, c.log_rank,
            CASE WHEN f.body IS NOT NULL THEN 0 WHEN f.headers IS NOT NULL THEN 1000 WHEN f.quota_basis IS NOT NULL THEN 1500 ELSE 3000 END - c.log_rank AS body_rank
        FROM fused_full f
        JOIN (FROM temp.fuse_changes WHERE cluster >= $from_cluster AND cluster < $to_cluster) c
            ON c.source_id = f.source_id AND c.source_offset = f.source_offset AND c.lines > 2
    )
),
leads AS (
    SELECT cluster, arg_min(status, log_rank) AS status FROM told GROUP BY cluster
)
SELECT
    l.cluster AS row_number,
    arg_min(l.ts, l.blur + l.log_rank) AS ts, coalesce(arg_min(l.known_vendor, l.body_rank), arg_min(l.vendor, l.log_rank)) AS vendor,
    arg_min(l.host, l.log_rank) AS host, arg_min(l.method, l.log_rank) AS method, arg_min(l.route, l.log_rank) AS route,
    arg_min(l.path, l.log_rank) AS path, arg_min(l.query, l.log_rank) AS query, any_value(s.status) AS status,
    arg_min(l.body_status, l.body_rank) AS body_status, arg_min(l.category, l.body_rank) AS category, arg_min(l.code, l.body_rank) AS code,
    arg_min(l.error_type, l.body_rank) AS error_type, arg_min(l.message, l.body_rank) AS message, arg_min(l.retry, l.body_rank) AS retry,
    arg_min(l.retry_at, l.body_rank) AS retry_at, arg_min(l.fault, l.body_rank) AS fault, arg_min(l.benign, l.body_rank) AS benign,
    arg_min(l.contact_support, l.body_rank) AS contact_support, arg_min(l.outage, l.body_rank) AS outage,
    arg_min(l.confidence, l.body_rank) AS confidence, arg_min(l.rule, l.body_rank) AS rule, arg_min(l.candidates, l.body_rank) AS candidates,
    arg_min(l.retry_after_s, l.body_rank) AS retry_after_s, arg_min(l.retry_source, l.body_rank) AS retry_source,
    arg_min(l.request_id, l.body_rank) AS request_id, arg_min(l.client_request_id, l.log_rank) AS client_request_id,
    arg_min(l.trace_id, l.log_rank) AS trace_id, arg_min(l.request_key, l.log_rank) AS request_key,
    arg_min(l.duration_ms, l.log_rank) AS duration_ms, arg_min(l.bytes, l.log_rank) AS bytes, arg_min(l.client, l.log_rank) AS client,
    arg_min(l.user_agent, l.log_rank) AS user_agent, arg_min(l.account, l.body_rank) AS account, arg_min(l.direction, l.log_rank) AS direction,
    arg_min(l.quota_name, l.body_rank) AS quota_name, arg_min(l.quota_limit, l.body_rank) AS quota_limit,
    arg_min(l.quota_used, l.body_rank) AS quota_used, arg_min(l.quota_remaining, l.body_rank) AS quota_remaining,
    arg_min(l.quota_reset_at, l.body_rank) AS quota_reset_at, arg_min(l.body, l.body_rank) AS body,
    any_value(l.into_source_id) AS source_id, any_value(l.into_offset) AS source_offset, arg_min(l.headers, l.body_rank) AS headers,
    arg_min(l.request_headers, l.body_rank) AS request_headers, arg_min(l.upstream_status, l.log_rank) AS upstream_status,
    arg_min(l.upstream_host, l.log_rank) AS upstream_host, arg_min(l.transport_error, l.log_rank) AS transport_error,
    arg_min(l.named_vendor, l.body_rank) AS named_vendor, arg_min(l.quota_basis, l.body_rank) AS quota_basis,
    arg_min(l.quota_period, l.body_rank) AS quota_period, arg_min(l.quota_cost, l.body_rank) AS quota_cost,
    arg_min(l.request_hash, l.body_rank) AS request_hash, arg_min(l.client_request_hash, l.log_rank) AS client_request_hash,
    arg_min(l.span_hash, l.log_rank) AS span_hash, any_value(l.fused_by) AS fused_by,
    arg_min(l.status, l.body_rank) FILTER (l.status <> s.status) AS other_status
FROM told l
JOIN leads s ON s.cluster = l.cluster
GROUP BY l.cluster;
