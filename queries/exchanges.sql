-- question: Which exchanges make up one group of failures, in short?
-- parameters: since, until, account, g_vendor, g_host, g_code, g_type, g_category, g_retry, g_status, g_rule, limit
-- columns: ts (UTC), method, host, route, status, category, code, error_type, duration_ms (ms), account, client, request_id, source_id, source_offset, source_path
-- order: ts desc, source_id desc, source_offset desc
WITH newest AS (
    SELECT ts, method, host, route, status, category, code, error_type, duration_ms, account, client, request_id, source_id, source_offset
    FROM failures
    WHERE es_in_span(ts, $since, $until)
      AND ($account IS NULL OR account = $account)
      AND es_vendor(vendor) = $g_vendor AND es_vendor_host(vendor, host) = $g_host
      AND coalesce(code, '') = $g_code AND category = $g_category
      AND coalesce(retry, '') = $g_retry AND coalesce(rule, '') = $g_rule
      AND (code IS NOT NULL OR coalesce(error_type, '') = $g_type AND coalesce(status, -1) = $g_status)
    ORDER BY ts DESC NULLS LAST, source_id DESC, source_offset DESC
    LIMIT $limit
)
SELECT n.*, s.path AS source_path
FROM newest n
LEFT JOIN sources s ON s.source_id = n.source_id
ORDER BY n.ts DESC NULLS LAST, n.source_id DESC, n.source_offset DESC;
