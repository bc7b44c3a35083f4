-- question: (a step of finding outages) Which windows are stored that touch a span?
-- parameters: since, until
-- columns: window_id, vendor, host, route, all_routes, started_at, ended_at
-- order: started_at, window_id
SELECT window_id, vendor, host, route, route IS NULL AS all_routes, started_at, ended_at
FROM outage_windows
WHERE started_at < $until AND (ended_at IS NULL OR ended_at >= $since)
ORDER BY started_at, window_id;
