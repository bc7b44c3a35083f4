-- question: How did a vendor, or one route, answer before, during and after an outage?
-- parameters: q_vendor, q_host, all_routes, route, since, started_at, ended_at, until
-- columns: phase (before, during, after), calls, failed (counts), duration_ms_p50, duration_ms_p95 (of what did not fail), first_well, last_well (UTC), waits (count of failures that named a wait), wait_s_p50 (s)
-- order: phase desc in time: before, during, after
WITH answers AS (
    SELECT b.ts, b.duration_ms, TRUE AS well, NULL::DOUBLE AS wait_s
    FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE b.ts >= $since AND b.ts < $until AND e.direction IN ('outbound', 'callback')
      AND es_outage_vendor(e.vendor) = $q_vendor AND es_vendor_host(e.vendor, e.host) = $q_host AND ($all_routes OR coalesce(e.route, '') = $route)
    UNION ALL
    SELECT ts, duration_ms, NOT coalesce(outage, FALSE) OR coalesce(benign, FALSE), retry_after_s
    FROM requests_full
    WHERE ts >= $since AND ts < $until AND direction IN ('outbound', 'callback')
      AND es_outage_vendor(vendor) = $q_vendor AND es_vendor_host(vendor, host) = $q_host AND ($all_routes OR coalesce(route, '') = $route)
), phased AS (
    SELECT *, CASE WHEN ts < $started_at THEN 0 WHEN ts <= $ended_at THEN 1 ELSE 2 END AS place
    FROM answers
)
SELECT CASE place WHEN 0 THEN 'before' WHEN 1 THEN 'during' ELSE 'after' END AS phase, count(*) AS calls, count(*) FILTER (NOT well) AS failed,
    es_p50(CASE WHEN well THEN duration_ms END) AS duration_ms_p50, es_p95(CASE WHEN well THEN duration_ms END) AS duration_ms_p95,
    min(ts) FILTER (well) AS first_well, max(ts) FILTER (well) AS last_well,
    count(wait_s) FILTER (NOT well) AS waits, es_p50(CASE WHEN NOT well THEN wait_s END) AS wait_s_p50
FROM phased
GROUP BY place
ORDER BY place;
