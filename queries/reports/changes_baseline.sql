-- question: How often did each code come, against a stored baseline?
-- parameters: name, since, until, vendor, limit
-- columns: vendor, host (where no pack knows the vendor), code, error_type (where there is no code), status (where there is neither), category, failures, failures_before (counts, in the span and in the baseline), requests, requests_before (counts, of the vendor or host), first (UTC, ever), last (UTC)
-- order: failures desc, failures_before desc, vendor, host, code, error_type, status, category
WITH failed AS (
    SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(code, '') AS code,
        CASE WHEN code IS NULL THEN coalesce(error_type, '') ELSE '' END AS error_type,
        CASE WHEN code IS NULL AND error_type IS NULL THEN coalesce(status, -1) ELSE -1 END AS status, category, ts
    FROM failures WHERE es_in_span(ts, NULL, $until) AND ($vendor IS NULL OR es_vendor(vendor) = $vendor)
), counted AS (
    SELECT vendor, host, code, error_type, status, category, count(*) FILTER (WHERE $since IS NULL OR ts >= $since) AS failures, 0 AS failures_before,
        min(ts) AS first, max(ts) AS last
    FROM failed GROUP BY vendor, host, code, error_type, status, category
    UNION ALL
    SELECT vendor, host, code, error_type, status, category, 0, failures, NULL, NULL
    FROM baselines WHERE name = $name AND category IS NOT NULL AND ($vendor IS NULL OR vendor = $vendor)
), codes AS (
    SELECT vendor, host, code, error_type, status, category, sum(failures)::BIGINT AS failures, sum(failures_before)::BIGINT AS failures_before,
        min(first) AS first, max(last) AS last
    FROM counted GROUP BY vendor, host, code, error_type, status, category
), called AS (
    SELECT es_pack(e.vendor) AS pack, es_vendor_host(e.vendor, e.host) AS host, b.n, 0 AS n_before
    FROM (SELECT endpoint_id, count(*) AS n FROM requests_brief WHERE es_in_span(ts, $since, $until) GROUP BY endpoint_id) b
    JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE coalesce(e.direction, '') <> 'inbound'
    UNION ALL
    SELECT es_pack(vendor), es_vendor_host(vendor, host), count(*), 0
    FROM requests_full WHERE coalesce(direction, '') <> 'inbound' AND es_in_span(ts, $since, $until)
    GROUP BY es_pack(vendor), es_vendor_host(vendor, host)
    UNION ALL
    SELECT vendor, host, 0, requests FROM baselines WHERE name = $name AND category IS NULL
), calls AS (
    SELECT pack, host, sum(n)::BIGINT AS n, sum(n_before)::BIGINT AS n_before FROM called GROUP BY pack, host
)
SELECT c.vendor, c.host, c.code, c.error_type, nullif(c.status, -1) AS status, c.category, c.failures, c.failures_before,
    coalesce(k.n, 0) AS requests, coalesce(k.n_before, 0) AS requests_before, c.first, c.last
FROM codes c
LEFT JOIN calls k ON k.pack = es_pack(c.vendor) AND k.host = c.host
WHERE c.failures > 0 OR c.failures_before > 0
ORDER BY c.failures DESC, c.failures_before DESC, c.vendor, c.host, c.code, c.error_type, c.status, c.category
LIMIT $limit;
