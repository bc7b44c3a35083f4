-- question: (a step of fusion) What is kept of fused rows that are no plain success, and how were their lines labelled?
-- parameters: from_row, to_row
-- columns: row_number, what the label depends on, format of the source, the label
-- order: row_number
SELECT f.row_number, f.ts, f.vendor, f.host, f.method, f.route, f.path, f.query, f.status, f.body_status, f.category, f.code,
    f.error_type, f.message, f.retry, f.retry_at, f.fault, f.benign, f.contact_support, f.outage, f.confidence, f.rule, f.candidates,
    f.retry_after_s, f.retry_source, f.request_id, f.direction, f.quota_name, f.quota_limit, f.quota_used, f.quota_remaining,
    f.quota_reset_at, f.quota_basis, f.quota_period, f.quota_cost, f.headers, f.body, f.upstream_status, f.upstream_host, f.transport_error, f.named_vendor, s.format
FROM temp.fuse_rows f LEFT JOIN sources s ON s.source_id = f.source_id
WHERE f.row_number >= $from_row AND f.row_number < $to_row AND f.category IS NOT NULL
ORDER BY f.row_number;
