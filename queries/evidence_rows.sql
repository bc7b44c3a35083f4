-- question: Which of the selected failures stand for all of them?
-- parameters: since, until, vendor, codes, categories, request_ids, picking, windows, groups, exchanges, support_only, each, limit
-- columns: ts (UTC), vendor, host (as called), method, route, path, query, status, category, code, error_type, request_id, client_request_id, trace_id, duration_ms, account, for_support, window_id, sha256 (of the source), source_offset
-- order: ts, sha256, source_offset, code, path, request_id
-- includes: evidence_selected
-- Of each code and endpoint the newest and the oldest, and those of its busiest
-- five minutes, rows with a request_id first.
WITH selected AS (
    included
), numbered AS (
    SELECT f.*, s.sha256,
        count(*) OVER (PARTITION BY f.vendor, f.host, f.code, f.error_type, f.category, f.route, es_slice(f.ts, 300)) AS together
    FROM selected f
    LEFT JOIN sources s ON s.source_id = f.source_id
), ranked AS (
    SELECT *,
        row_number() OVER (PARTITION BY vendor, host, code, error_type, category, route ORDER BY request_id IS NULL, ts DESC NULLS LAST, sha256, source_offset, path) AS newest,
        row_number() OVER (PARTITION BY vendor, host, code, error_type, category, route ORDER BY request_id IS NULL, ts NULLS LAST, sha256, source_offset, path) AS oldest,
        row_number() OVER (PARTITION BY vendor, host, code, error_type, category, route ORDER BY request_id IS NULL, together DESC, ts NULLS LAST, sha256, source_offset, path) AS busiest
    FROM numbered
), chosen AS (
    SELECT * FROM ranked
    WHERE least(newest, oldest, busiest) <= $each
    ORDER BY least(newest, oldest, busiest), ts, sha256, source_offset, code, path, request_id
    LIMIT $limit
)
SELECT ts, vendor, host, method, route, path, query, status, category, code, error_type, request_id, client_request_id, trace_id, duration_ms,
    account, for_support, window_id, sha256, source_offset
FROM chosen
ORDER BY ts NULLS LAST, sha256, source_offset, code, path, request_id;
