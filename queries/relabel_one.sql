-- question: What is kept of one exchange that its label depends on, and how is it labelled now?
-- parameters: source, offset
-- columns: row_number, what the label depends on, format of the source, the label
-- order: one row
SELECT f.rowid AS row_number, f.ts, f.vendor, f.host, f.method, f.route, f.path, f.query, f.status, f.body_status, f.category, f.code,
    f.error_type, f.message, f.retry, f.retry_at, f.fault, f.benign, f.contact_support, f.outage, f.confidence, f.rule, f.candidates,
    f.retry_after_s, f.retry_source, f.request_id, f.direction, f.quota_name, f.quota_limit, f.quota_used, f.quota_remaining,
    f.quota_reset_at, f.quota_basis, f.quota_period, f.quota_cost, f.headers, f.body, f.upstream_status, f.upstream_host, f.transport_error, f.named_vendor, s.format
FROM requests_full f LEFT JOIN sources s ON s.source_id = f.source_id
WHERE f.source_id = $source AND f.source_offset = $offset
ORDER BY f.category IS NULL, f.rowid
LIMIT 1;
