WITH called AS (
    -- What is told of an endpoint is worked out once, not for each of its rows.
    SELECT endpoint_id, vendor, host, es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS unknown_host
    FROM endpoints
    WHERE direction IS DISTINCT FROM 'inbound'
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), full_calls AS (
    SELECT ts, vendor, host, es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS unknown_host, duration_ms,
        direction, category, code, benign, outage
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), hosts AS (
    SELECT pack, unknown_host, coalesce(host, '') AS host, sum(n)::BIGINT AS n, max(last) AS last,
        es_any(vendor = 'generic') AS is_generic
    FROM (
        SELECT c.pack, c.unknown_host, c.host, c.vendor, b.n, b.last
        FROM called c
        JOIN (SELECT endpoint_id, count(*) AS n, max(ts) AS last FROM requests_brief
              WHERE es_in_span(ts, $since, $until) GROUP BY endpoint_id) b ON b.endpoint_id = c.endpoint_id
        UNION ALL
        SELECT pack, unknown_host, host, vendor, count(*), max(ts) FROM full_calls GROUP BY pack, unknown_host, host, vendor
    ) GROUP BY pack, unknown_host, coalesce(host, '')
), calls AS (
    -- A host that no pack knows is one row, however its failures were understood.
    SELECT pack, unknown_host, sum(n)::BIGINT AS requests, max(last) AS last,
        CASE WHEN pack <> '' THEN pack WHEN es_any(is_generic) THEN 'generic' ELSE 'unknown' END AS vendor
    FROM hosts GROUP BY pack, unknown_host
), busiest AS (
    SELECT pack, unknown_host, host FROM hosts
    QUALIFY row_number() OVER (PARTITION BY pack, unknown_host ORDER BY n DESC, host) = 1
), codes AS (
    SELECT pack, unknown_host, code, category, benign, outage, count(*) AS n
    FROM full_calls
    WHERE category IS NOT NULL AND direction IN ('outbound', 'callback')
    GROUP BY pack, unknown_host, code, category, benign, outage
), labelled AS (
    SELECT pack, unknown_host,
        coalesce(sum(n) FILTER (WHERE NOT benign), 0)::BIGINT AS failures,
        coalesce(sum(n) FILTER (WHERE benign), 0)::BIGINT AS benign,
        coalesce(sum(n) FILTER (WHERE outage AND NOT benign), 0)::BIGINT AS outage
    FROM codes GROUP BY pack, unknown_host
), top_codes AS (
    SELECT pack, unknown_host, code, category
    FROM codes WHERE NOT benign GROUP BY pack, unknown_host, code, category
    QUALIFY row_number() OVER (PARTITION BY pack, unknown_host ORDER BY sum(n) DESC, code NULLS LAST, category) = 1
), parties AS (
    SELECT pack, unknown_host, row_number() OVER (ORDER BY pack, unknown_host)::INTEGER AS party FROM calls
), durations AS (
    -- Whole nanoseconds are selected in half the time that fractions take, and
    -- grouped by a number in half the time that two texts take.
    SELECT party, es_p50_p95(duration_ns) AS quantiles
    FROM (
        SELECT c.party, (b.duration_ms * 1000000)::BIGINT AS duration_ns
        FROM requests_brief b
        JOIN (SELECT endpoint_id, party FROM called JOIN parties USING (pack, unknown_host)) c ON c.endpoint_id = b.endpoint_id
        WHERE es_in_span(b.ts, $since, $until)
        UNION ALL
        SELECT p.party, (f.duration_ms * 1000000)::BIGINT
        FROM full_calls f JOIN parties p ON p.pack = f.pack AND p.unknown_host = f.unknown_host
    ) GROUP BY party
)
SELECT c.vendor, b.host, c.requests, coalesce(l.failures, 0) AS failures, coalesce(l.benign, 0) AS benign,
    coalesce(l.outage, 0) AS outage, t.code AS top_code, t.category AS top_category,
    d.quantiles[1] / 1000000 AS duration_ms_p50, d.quantiles[2] / 1000000 AS duration_ms_p95, c.last
FROM calls c
LEFT JOIN busiest b USING (pack, unknown_host)
LEFT JOIN labelled l USING (pack, unknown_host)
LEFT JOIN top_codes t USING (pack, unknown_host)
LEFT JOIN parties p USING (pack, unknown_host)
LEFT JOIN durations d USING (party)
ORDER BY failures DESC, c.requests DESC, c.vendor, b.host;
