-- question: Which exchanges make up one group of failures, the newest first?
-- parameters: since, until, account, g_vendor, g_host, g_code, g_type, g_category, g_retry, g_status, g_rule, limit
-- columns: the row of requests, whole; action, docs_url of its rule; source_path; also_at: the other lines that tell of it, and by which key
-- order: ts desc, source_id desc, source_offset desc
WITH newest AS (
    SELECT * FROM failures
    WHERE es_in_span(ts, $since, $until)
      AND ($account IS NULL OR account = $account)
      AND es_vendor(vendor) = $g_vendor AND es_vendor_host(vendor, host) = $g_host
      AND coalesce(code, '') = $g_code AND category = $g_category
      AND coalesce(retry, '') = $g_retry AND coalesce(rule, '') = $g_rule
      AND (code IS NOT NULL OR coalesce(error_type, '') = $g_type AND coalesce(status, -1) = $g_status)
    ORDER BY ts DESC NULLS LAST, source_id DESC, source_offset DESC
    LIMIT $limit
),
others AS (
    SELECT l.into_source_id, l.into_offset,
        string_agg(coalesce(s.path, '') || ' at byte ' || l.source_offset || ' (by ' || l.key || ')', ', ' ORDER BY s.path, l.source_offset) AS also_at
    FROM fused l
    JOIN newest n ON n.fused_by IS NOT NULL AND n.source_id = l.into_source_id AND n.source_offset = l.into_offset
    LEFT JOIN sources s ON s.source_id = l.source_id
    WHERE l.source_id <> l.into_source_id OR l.source_offset <> l.into_offset
    GROUP BY l.into_source_id, l.into_offset
)
SELECT n.ts, n.vendor, n.host, n.method, n.route, n.path, n.query, n.status, n.body_status, n.category, n.code, n.error_type,
    n.message, n.retry, n.retry_at, n.retry_after_s, n.retry_source, n.fault, n.benign, n.contact_support, n.outage,
    n.confidence, n.rule, n.candidates, u.action, u.docs_url, n.request_id, n.client_request_id, n.trace_id, n.request_key,
    n.duration_ms, n.bytes, n.client, n.user_agent, n.account, n.direction, n.quota_name, n.quota_limit, n.quota_used,
    n.quota_remaining, n.quota_reset_at, n.headers, n.request_headers, n.body, n.source_id, s.path AS source_path, n.source_offset,
    n.other_status, o.also_at
FROM newest n
LEFT JOIN rules u ON u.rule = n.rule
LEFT JOIN sources s ON s.source_id = n.source_id
LEFT JOIN others o ON o.into_source_id = n.source_id AND o.into_offset = n.source_offset
ORDER BY n.ts DESC NULLS LAST, n.source_id DESC, n.source_offset DESC;
