-- question: Every exchange, with the day that it is filed under.
-- parameters: since, until, vendor
-- columns: the columns of requests; dt: the UTC day of ts
-- order: none
SELECT r.*, CAST(r.ts AS DATE) AS dt
FROM requests AS r
WHERE es_in_span(r.ts, $since, $until) AND ($vendor IS NULL OR es_vendor(r.vendor) = $vendor)
