-- question: Which vendors are called, and how do they do?
-- parameters: since, until, vendor, account
-- columns: vendor, host (the busiest; the only one where no pack knows it), requests, failures, benign, outage (counts), top_code, top_category, duration_ms_p50, duration_ms_p95 (ms), last (UTC)
-- order: failures desc, requests desc, vendor, host
WITH hosts AS (
    -- The few distinct pairs first; everything below works on them.
    SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS unknown_host, coalesce(host, '') AS host,
        sum(n) AS n, max(last) AS last
    FROM (
        SELECT vendor, host, count(*) AS n, max(ts) AS last
        FROM requests
        WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
          AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
        GROUP BY vendor, host
    ) GROUP BY ALL
), calls AS (
    SELECT vendor, unknown_host, sum(n)::BIGINT AS requests, max(last) AS last
    FROM hosts GROUP BY vendor, unknown_host
), busiest AS (
    SELECT vendor, unknown_host, host FROM hosts
    QUALIFY row_number() OVER (PARTITION BY vendor, unknown_host ORDER BY n DESC, host) = 1
), codes AS (
    SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS unknown_host, code, category, benign, outage, count(*) AS n
    FROM requests
    WHERE category IS NOT NULL AND direction IN ('outbound', 'callback') AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY ALL
), labelled AS (
    SELECT vendor, unknown_host,
        coalesce(sum(n) FILTER (WHERE NOT benign), 0)::BIGINT AS failures,
        coalesce(sum(n) FILTER (WHERE benign), 0)::BIGINT AS benign,
        coalesce(sum(n) FILTER (WHERE outage AND NOT benign), 0)::BIGINT AS outage
    FROM codes GROUP BY vendor, unknown_host
), top_codes AS (
    SELECT vendor, unknown_host, code, category
    FROM codes WHERE NOT benign GROUP BY vendor, unknown_host, code, category
    QUALIFY row_number() OVER (PARTITION BY vendor, unknown_host ORDER BY sum(n) DESC, code NULLS LAST, category) = 1
), durations AS (
    SELECT vendor, '' AS unknown_host, quantile_cont(duration_ms, [0.5, 0.95]) AS quantiles
    FROM requests
    WHERE vendor NOT IN ('unknown', 'generic') AND direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY vendor
    UNION ALL
    SELECT es_vendor(vendor), coalesce(host, ''), quantile_cont(duration_ms, [0.5, 0.95])
    FROM requests
    WHERE coalesce(vendor, 'unknown') IN ('unknown', 'generic') AND direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY es_vendor(vendor), coalesce(host, '')
)
SELECT c.vendor, b.host, c.requests, coalesce(l.failures, 0) AS failures, coalesce(l.benign, 0) AS benign,
    coalesce(l.outage, 0) AS outage, t.code AS top_code, t.category AS top_category,
    d.quantiles[1] AS duration_ms_p50, d.quantiles[2] AS duration_ms_p95, c.last
FROM calls c
LEFT JOIN busiest b USING (vendor, unknown_host)
LEFT JOIN labelled l USING (vendor, unknown_host)
LEFT JOIN top_codes t USING (vendor, unknown_host)
LEFT JOIN durations d USING (vendor, unknown_host)
ORDER BY failures DESC, c.requests DESC, c.vendor, b.host;
