-- question: Which vendors were down in a span of time, from when to when, and how is it known?
-- parameters: since, until, vendor, limit
-- columns: window_id, vendor, host (only where no pack knows the vendor), route (NULL is the whole vendor), started_at, ended_at (UTC; NULL is still open), requests, failures (counts), baseline_ratio, peak_ratio (0 to 1), peak_at (UTC), top_code, accounts (count), planned, note, score (log-likelihood), codes, routes, request_ids (JSON), unreached (count), why
-- order: started_at desc, vendor, host, route, window_id
SELECT window_id, es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, route, started_at, ended_at, requests, failures,
    baseline_ratio, peak_ratio, peak_at, top_code, accounts, coalesce(planned, FALSE) AS planned, note,
    score, codes, routes, request_ids, coalesce(unreached, 0) AS unreached, why
FROM outage_windows
WHERE ($until IS NULL OR started_at < $until) AND ($since IS NULL OR ended_at IS NULL OR ended_at > $since)
  AND ($vendor IS NULL OR es_vendor(vendor) = $vendor)
ORDER BY started_at DESC, vendor, host, route NULLS FIRST, window_id
LIMIT $limit;
