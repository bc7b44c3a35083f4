-- question: (a step of loading) Store the rows of one segment that need all columns.
-- parameters: none
-- columns: none
-- order: none
INSERT INTO requests_full (ts, vendor, host, method, route, path, query, status, body_status, category, code, error_type, message, retry,
    retry_at, fault, benign, contact_support, outage, confidence, rule, candidates, retry_after_s, retry_source, request_id,
    client_request_id, trace_id, request_key, duration_ms, bytes, client, user_agent, account, direction, quota_name, quota_limit,
    quota_used, quota_remaining, quota_reset_at, body, source_id, source_offset, headers, request_headers, upstream_status,
    upstream_host, transport_error, named_vendor,
    quota_basis, quota_period, quota_cost,
    request_hash, client_request_hash, span_hash)
SELECT ts, vendor, host, method, route, path, query, status, body_status, category, code, error_type, message, retry,
    retry_at, fault, benign, contact_support, outage, confidence, rule, candidates, retry_after_s, retry_source, request_id,
    client_request_id, trace_id, request_key, duration_ms, bytes, client, user_agent, account, direction, quota_name, quota_limit,
    quota_used, quota_remaining, quota_reset_at, body, source_id, source_offset, headers, request_headers, upstream_status,
    upstream_host, transport_error, named_vendor,
    quota_basis, quota_period, quota_cost,
    request_hash, client_request_hash, span_hash
FROM errscope_full();
