-- question: Did answers come slower in the minutes before each outage?
-- parameters: since, until, vendor, account
-- columns: window_id, vendor, host, route, started_at (UTC), usual, before (counts of answers: from 70 to 10 minutes before it, and in the last 10), usual_ms_p50, usual_ms_p95, before_ms_p50, before_ms_p95 (ms)
-- order: started_at desc, window_id
WITH outages AS (
    SELECT window_id, es_pack(vendor) AS pack, coalesce(vendor, 'unknown') AS vendor, es_vendor_host(vendor, host) AS host, route, started_at,
        started_at - INTERVAL 70 MINUTE AS from_ts, started_at - INTERVAL 10 MINUTE AS near_ts
    FROM outage_windows
    WHERE es_in_span(started_at, $since, $until) AND ($vendor IS NULL OR es_vendor(vendor) = $vendor)
    ORDER BY started_at DESC, window_id LIMIT 20
), answers AS (
    SELECT b.ts, b.duration_ms, es_pack(e.vendor) AS pack, es_vendor_host(e.vendor, e.host) AS host, e.method, e.route
    FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE e.direction IS DISTINCT FROM 'inbound' AND ($account IS NULL OR e.account = $account)
      AND b.ts >= (SELECT min(from_ts) FROM outages) AND b.ts < (SELECT max(started_at) FROM outages)
    UNION ALL
    SELECT ts, duration_ms, es_pack(vendor), es_vendor_host(vendor, host), method, route
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND ($account IS NULL OR account = $account) AND (category IS NULL OR benign)
      AND ts >= (SELECT min(from_ts) FROM outages) AND ts < (SELECT max(started_at) FROM outages)
), close AS (
    SELECT o.window_id, a.ts >= o.near_ts AS last_minutes, a.duration_ms
    FROM outages o
    JOIN answers a ON a.pack = o.pack AND a.host = o.host AND a.ts >= o.from_ts AND a.ts < o.started_at
    WHERE a.duration_ms IS NOT NULL AND (o.route IS NULL OR a.route = o.route OR a.method || ' ' || a.route = o.route)
), told AS (
    SELECT window_id, count(*) FILTER (WHERE NOT last_minutes) AS usual, count(*) FILTER (WHERE last_minutes) AS before,
        es_p50(CASE WHEN NOT last_minutes THEN duration_ms END) AS usual_ms_p50, es_p95(CASE WHEN NOT last_minutes THEN duration_ms END) AS usual_ms_p95,
        es_p50(CASE WHEN last_minutes THEN duration_ms END) AS before_ms_p50, es_p95(CASE WHEN last_minutes THEN duration_ms END) AS before_ms_p95
    FROM close GROUP BY window_id
)
SELECT o.window_id, o.vendor, o.host, o.route, o.started_at, coalesce(t.usual, 0) AS usual, coalesce(t.before, 0) AS before,
    t.usual_ms_p50, t.usual_ms_p95, t.before_ms_p50, t.before_ms_p95
FROM outages o LEFT JOIN told t ON t.window_id = o.window_id
ORDER BY o.started_at DESC, o.window_id;
