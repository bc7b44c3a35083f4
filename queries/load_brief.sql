-- question: (a step of loading) Store the rows of one segment that say little.
-- parameters: none
-- columns: none
-- order: none
INSERT INTO requests_brief (ts, endpoint_id, status, request_key, duration_ms, bytes, source_id, source_offset, trace_id,
    request_hash, client_request_hash, span_hash)
SELECT ts, endpoint_id, status, request_key, duration_ms, bytes, source_id, source_offset, trace_id,
    request_hash, client_request_hash, span_hash
FROM errscope_brief();
