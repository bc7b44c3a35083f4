-- question: How often did each code come, against the span before?
-- parameters: before, since, until, vendor, account, limit
-- columns: vendor, host (where no pack knows the vendor), code, error_type (where there is no code), status (where there is neither), category, failures, failures_before (counts, from since on and from before to since), requests, requests_before (counts, of the vendor or host), first (UTC, ever), last (UTC)
-- order: failures desc, failures_before desc, vendor, host, code, error_type, status, category
WITH failed AS (
    SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(code, '') AS code,
        CASE WHEN code IS NULL THEN coalesce(error_type, '') ELSE '' END AS error_type,
        CASE WHEN code IS NULL AND error_type IS NULL THEN coalesce(status, -1) ELSE -1 END AS status, category, ts
    FROM failures
    WHERE es_in_span(ts, NULL, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), codes AS (
    SELECT vendor, host, code, error_type, status, category,
        count(*) FILTER (WHERE ts >= $since) AS failures, count(*) FILTER (WHERE ts >= $before AND ts < $since) AS failures_before,
        min(ts) AS first, max(ts) AS last
    FROM failed
    GROUP BY vendor, host, code, error_type, status, category
), called AS (
    SELECT e.vendor, e.host, b.n, b.n_before
    FROM (
        SELECT endpoint_id, count(*) FILTER (WHERE ts >= $since) AS n, count(*) FILTER (WHERE ts < $since) AS n_before
        FROM requests_brief WHERE es_in_span(ts, $before, $until) GROUP BY endpoint_id
    ) b
    JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE coalesce(e.direction, '') <> 'inbound' AND ($account IS NULL OR e.account = $account)
    UNION ALL
    SELECT vendor, host, count(*) FILTER (WHERE ts >= $since) AS n, count(*) FILTER (WHERE ts < $since) AS n_before
    FROM requests_full
    WHERE coalesce(direction, '') <> 'inbound' AND es_in_span(ts, $before, $until) AND ($account IS NULL OR account = $account)
    GROUP BY vendor, host
), calls AS (
    -- What a host that no pack knows said made some of its rows generic.
    SELECT es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS host, sum(n)::BIGINT AS n, sum(n_before)::BIGINT AS n_before
    FROM called GROUP BY es_pack(vendor), es_vendor_host(vendor, host)
)
SELECT c.vendor, c.host, c.code, c.error_type, nullif(c.status, -1) AS status, c.category, c.failures, c.failures_before,
    coalesce(k.n, 0) AS requests, coalesce(k.n_before, 0) AS requests_before, c.first, c.last
FROM codes c
LEFT JOIN calls k ON k.pack = es_pack(c.vendor) AND k.host = c.host
WHERE c.failures > 0 OR c.failures_before > 0
ORDER BY c.failures DESC, c.failures_before DESC, c.vendor, c.host, c.code, c.error_type, c.status, c.category
LIMIT $limit;
