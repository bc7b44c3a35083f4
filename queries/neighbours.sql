-- question: Which calls of the same request, or under the same trace or id of ours, were before and after one exchange?
-- parameters: ts, first, last, source, offset, request_key, trace, client_id, account, each_side
-- columns: ts (UTC), method, host, route, status, category, code, error_type, benign, duration_ms (ms), request_id, source_id, source_offset, same_request, same_trace
-- order: ts, source_id, source_offset
WITH near AS (
    SELECT ts, method, host, route, status, category, code, error_type, benign, duration_ms, request_id, source_id, source_offset,
        coalesce(request_key = $request_key::UBIGINT AND ($account IS NULL OR account IS NULL OR account = $account), false) AS same_request,
        coalesce(trace_id = $trace, false) OR coalesce(client_request_id = $client_id, false) AS same_trace
    FROM requests
    WHERE ts >= $first AND ts <= $last
      AND (request_key = $request_key::UBIGINT OR trace_id = $trace OR client_request_id = $client_id)
      AND direction IS DISTINCT FROM 'inbound'
), sided AS (
    SELECT *, CASE WHEN source_id = $source AND source_offset = $offset THEN 'here'
            WHEN ts < $ts OR ts = $ts AND (source_id < $source OR source_id = $source AND source_offset < $offset) THEN 'before'
            ELSE 'after' END AS side
    FROM near WHERE same_request OR same_trace
), nearest AS (
    SELECT *, row_number() OVER (PARTITION BY side ORDER BY abs(es_us(ts) - es_us($ts::TIMESTAMP)), source_id, source_offset) AS place
    FROM sided
)
SELECT ts, method, host, route, status, category, code, error_type, benign, duration_ms, request_id, source_id, source_offset, same_request, same_trace
FROM nearest
WHERE place <= CASE WHEN side = 'here' THEN 1 ELSE $each_side END
ORDER BY ts, source_id, source_offset;
