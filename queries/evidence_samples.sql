-- question: What does one exchange of each selected failure look like?
-- parameters: since, until, vendor, codes, categories, request_ids, picking, windows, groups, exchanges, support_only, limit
-- columns: the row of requests, whole; action, docs_url of its rule; source_path (the source's content hash); other_status, also_at: what other lines of the same exchange say, and where they stand (by hash)
-- order: vendor, host, code, error_type, category, status
-- includes: evidence_selected
-- Of each vendor, code and type (status where there is no code) the one that says
-- most: with a body, with headers, with an id, in an outage, the newest.
WITH selected AS (
    included
), ranked AS (
    SELECT f.*, s.sha256,
        row_number() OVER (PARTITION BY es_vendor(f.vendor), es_vendor_host(f.vendor, f.host), f.code, f.error_type, f.category, CASE WHEN f.code IS NULL THEN f.status END
            ORDER BY f.body IS NULL, f.headers IS NULL, f.request_id IS NULL, f.window_id IS NULL, f.ts DESC NULLS LAST, s.sha256, f.source_offset, f.path, f.request_id) AS best
    FROM selected f
    LEFT JOIN sources s ON s.source_id = f.source_id
), others AS (
    SELECT l.into_source_id, l.into_offset,
        string_agg(coalesce(s.sha256, '') || ' at byte ' || l.source_offset || ' (by ' || l.key || ')', ', ' ORDER BY s.sha256, l.source_offset) AS also_at
    FROM fused l
    LEFT JOIN sources s ON s.source_id = l.source_id
    GROUP BY l.into_source_id, l.into_offset
)
SELECT n.ts, n.vendor, n.host, n.method, n.route, n.path, n.query, n.status, n.body_status, n.category, n.code, n.error_type,
    n.message, n.retry, n.retry_at, n.retry_after_s, n.retry_source, n.fault, n.benign, n.contact_support, n.outage,
    n.confidence, n.rule, n.candidates, u.action, u.docs_url, n.request_id, n.client_request_id, n.trace_id, n.request_key,
    n.duration_ms, n.bytes, n.client, n.user_agent, n.account, n.direction, n.quota_name, n.quota_limit, n.quota_used,
    n.quota_remaining, n.quota_reset_at, n.headers, n.request_headers, n.body, n.source_id, n.sha256 AS source_path, n.source_offset,
    n.other_status, o.also_at
FROM ranked n
LEFT JOIN rules u ON u.rule = n.rule
LEFT JOIN others o ON o.into_source_id = n.source_id AND o.into_offset = n.source_offset
WHERE n.best = 1
ORDER BY es_vendor(n.vendor), es_vendor_host(n.vendor, n.host), n.for_support DESC, n.code NULLS LAST, n.error_type, n.category, n.status
LIMIT $limit;
