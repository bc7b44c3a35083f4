-- question: What is known of one exchange?
-- parameters: source, offset
-- columns: the row of requests, whole; action, docs_url of its rule; source_path; also_at: the other lines that tell of it, and by which key
-- order: one row
WITH one AS (
    SELECT * FROM requests
    WHERE source_id = $source AND source_offset = $offset
    ORDER BY category IS NULL, ts, method, path
    LIMIT 1
),
others AS (
    SELECT string_agg(coalesce(s.path, '') || ' at byte ' || l.source_offset || ' (by ' || l.key || ')', ', ' ORDER BY s.path, l.source_offset) AS also_at
    FROM fused l
    LEFT JOIN sources s ON s.source_id = l.source_id
    WHERE l.into_source_id = $source AND l.into_offset = $offset AND (l.source_id <> l.into_source_id OR l.source_offset <> l.into_offset)
)
SELECT n.ts, n.vendor, n.host, n.method, n.route, n.path, n.query, n.status, n.body_status, n.category, n.code, n.error_type,
    n.message, n.retry, n.retry_at, n.retry_after_s, n.retry_source, n.fault, n.benign, n.contact_support, n.outage,
    n.confidence, n.rule, n.candidates, u.action, u.docs_url, n.request_id, n.client_request_id, n.trace_id, n.request_key,
    n.duration_ms, n.bytes, n.client, n.user_agent, n.account, n.direction, n.quota_name, n.quota_limit, n.quota_used,
    n.quota_remaining, n.quota_reset_at, n.headers, n.request_headers, n.body, n.source_id, s.path AS source_path, n.source_offset,
    n.other_status, o.also_at
FROM one n
LEFT JOIN rules u ON u.rule = n.rule
LEFT JOIN sources s ON s.source_id = n.source_id
CROSS JOIN others o;
