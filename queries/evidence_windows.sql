-- question: In which outages do the selected failures lie?
-- parameters: since, until, vendor, codes, categories, request_ids, picking, windows, groups, exchanges, support_only
-- columns: window_id, vendor, host (where no pack knows the vendor), route (NULL is the whole vendor), started_at, ended_at (UTC; NULL is still open), requests, failures (counts), baseline_ratio, peak_ratio (0 to 1), peak_at (UTC), top_code, accounts (count), planned, note (what the configuration says of it)
-- order: started_at, vendor, host, route, window_id
-- includes: evidence_selected
WITH selected AS (
    included
)
SELECT window_id, es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, route, started_at, ended_at, requests, failures,
    baseline_ratio, peak_ratio, peak_at, top_code, accounts,
    coalesce(planned, FALSE) AS planned, note
FROM outage_windows
WHERE window_id IN (
    SELECT o.window_id
    FROM outage_failures o
    JOIN selected s ON s.source_id = o.source_id AND s.source_offset = o.source_offset AND s.ts = o.ts
)
ORDER BY started_at, vendor, host, route NULLS FIRST, window_id;
