-- question: Which vendors are called, and how do they do?
-- parameters: since, until, vendor, account
-- columns: vendor, host (the busiest; the only one where no pack knows it), requests, failures, benign, outage (counts), top_code, top_category, duration_ms_p50, duration_ms_p95 (ms), last (UTC)
-- order: failures desc, requests desc, vendor, host
WITH called AS (
    -- What is told of an endpoint is worked out once, not for each of its rows.
    SELECT endpoint_id, vendor, host, es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS unknown_host
    FROM endpoints
    WHERE direction IS DISTINCT FROM 'inbound'
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), brief_calls AS (
    -- By whole milliseconds: all calls of an endpoint are a few thousand rows. Whole
    -- days were counted before; rows are read at the edges of the span.
    SELECT endpoint_id, whole_ms, sum(calls)::BIGINT AS n, es_any(split) AS split
    FROM calls_by_duration
    WHERE es_cell_inside(day, 86400000000, $since, $until)
    GROUP BY endpoint_id, whole_ms
    UNION ALL
    SELECT endpoint_id, duration_ms::BIGINT, count(*)::BIGINT, es_any(duration_ms <> duration_ms::BIGINT)
    FROM requests_brief
    WHERE es_in_span(ts, $since, $until) AND es_at_edge(ts, 86400000000, $since, $until)
      AND ($vendor IS NULL AND $account IS NULL OR endpoint_id IN (SELECT endpoint_id FROM called))
    GROUP BY endpoint_id, duration_ms::BIGINT
    UNION ALL
    SELECT endpoint_id, duration_ms::BIGINT, count(*)::BIGINT, es_any(duration_ms <> duration_ms::BIGINT)
    FROM calls_untallied
    WHERE es_in_span(ts, $since, $until) AND NOT es_at_edge(ts, 86400000000, $since, $until)
    GROUP BY endpoint_id, duration_ms::BIGINT
), newest AS (
    SELECT endpoint_id, max(last) AS last
    FROM (
        SELECT endpoint_id, max(last) AS last
        FROM calls_by_minute WHERE es_cell_inside(minute, 60000000, $since, $until) GROUP BY endpoint_id
        UNION ALL
        SELECT endpoint_id, max(ts)
        FROM requests_brief WHERE es_in_span(ts, $since, $until) AND es_at_edge(ts, 60000000, $since, $until) GROUP BY endpoint_id
        UNION ALL
        SELECT endpoint_id, max(ts)
        FROM calls_untallied WHERE es_in_span(ts, $since, $until) AND NOT es_at_edge(ts, 60000000, $since, $until) GROUP BY endpoint_id
    ) GROUP BY endpoint_id
), full_kinds AS (
    SELECT vendor, host, direction, category, code, benign, outage, count(*)::BIGINT AS n, max(ts) AS last
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY vendor, host, direction, category, code, benign, outage
), full_calls AS (
    SELECT vendor, host, duration_ms::BIGINT AS whole_ms, count(*)::BIGINT AS n, es_any(duration_ms <> duration_ms::BIGINT) AS split
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY vendor, host, duration_ms::BIGINT
), hosts AS (
    SELECT pack, unknown_host, coalesce(host, '') AS host, sum(n)::BIGINT AS n, max(last) AS last,
        es_any(vendor = 'generic') AS is_generic
    FROM (
        SELECT c.pack, c.unknown_host, c.host, c.vendor, b.n, w.last
        FROM called c
        JOIN (SELECT endpoint_id, sum(n) AS n FROM brief_calls GROUP BY endpoint_id) b ON b.endpoint_id = c.endpoint_id
        LEFT JOIN newest w ON w.endpoint_id = c.endpoint_id
        UNION ALL
        SELECT es_pack(vendor), es_vendor_host(vendor, host), host, vendor, n, last FROM full_kinds
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
    SELECT es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS unknown_host, code, category, benign, outage, sum(n) AS n
    FROM full_kinds
    WHERE category IS NOT NULL AND direction IN ('outbound', 'callback')
    GROUP BY es_pack(vendor), es_vendor_host(vendor, host), code, category, benign, outage
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
), callers AS (
    SELECT c.endpoint_id, p.party FROM called c JOIN parties p ON p.pack = c.pack AND p.unknown_host = c.unknown_host
), times AS (
    SELECT party, whole_ms, sum(n)::BIGINT AS n, es_any(split) AS split
    FROM (
        SELECT c.party, b.whole_ms, b.n, b.split FROM brief_calls b JOIN callers c ON c.endpoint_id = b.endpoint_id
        UNION ALL
        SELECT p.party, f.whole_ms, f.n, f.split
        FROM full_calls f JOIN parties p ON p.pack = es_pack(f.vendor) AND p.unknown_host = es_vendor_host(f.vendor, f.host)
    )
    WHERE whole_ms IS NOT NULL GROUP BY party, whole_ms
), placed AS (
    SELECT party, whole_ms, n, split, sum(n) OVER (PARTITION BY party ORDER BY whole_ms ROWS UNBOUNDED PRECEDING) AS upto FROM times
), asked AS (
    -- A quantile lies at a place among the sorted calls, from 0, or between two.
    SELECT t.party, s.share, (t.timed - 1) * s.share AS at
    FROM (SELECT party, sum(n)::DOUBLE AS timed FROM times GROUP BY party) t,
        (SELECT 0.5::DOUBLE AS share UNION ALL SELECT 0.95::DOUBLE) s
), near AS (
    SELECT DISTINCT p.party, p.whole_ms, p.n, p.split, p.upto
    FROM placed p JOIN asked a ON a.party = p.party AND p.upto > floor(a.at) AND p.upto - p.n <= ceil(a.at)
), parts AS (
    -- Only milliseconds that a quantile lies in, and that have parts, are looked into.
    SELECT party, whole_ms, duration_ns, count(*)::BIGINT AS n
    FROM (
        SELECT w.party, w.whole_ms, (b.duration_ms * 1000000)::BIGINT AS duration_ns
        FROM requests_brief b
        JOIN (SELECT c.endpoint_id, n.party, n.whole_ms FROM near n JOIN callers c ON c.party = n.party WHERE n.split) w
            ON w.endpoint_id = b.endpoint_id AND w.whole_ms = b.duration_ms::BIGINT
        WHERE es_in_span(b.ts, $since, $until)
        UNION ALL
        SELECT n.party, n.whole_ms, (f.duration_ms * 1000000)::BIGINT
        FROM requests_full f
        JOIN near n ON n.whole_ms = f.duration_ms::BIGINT
        JOIN parties p ON p.party = n.party AND p.pack = es_pack(f.vendor) AND p.unknown_host = es_vendor_host(f.vendor, f.host)
        WHERE n.split AND f.direction IS DISTINCT FROM 'inbound' AND es_in_span(f.ts, $since, $until)
          AND ($vendor IS NULL OR es_vendor(f.vendor) = $vendor) AND ($account IS NULL OR f.account = $account)
    ) GROUP BY party, whole_ms, duration_ns
), steps AS (
    SELECT party, whole_ms * 1000000 AS duration_ns, upto - n AS after, upto FROM near WHERE NOT split
    UNION ALL
    SELECT party, duration_ns, before + within - n, before + within
    FROM (SELECT s.party, s.duration_ns, s.n, w.upto - w.n AS before,
              sum(s.n) OVER (PARTITION BY s.party, s.whole_ms ORDER BY s.duration_ns ROWS UNBOUNDED PRECEDING) AS within
          FROM parts s JOIN near w ON w.party = s.party AND w.whole_ms = s.whole_ms)
), quantiles AS (
    SELECT a.party, a.share, max(a.at) - floor(max(a.at)) AS beyond,
        max(CASE WHEN s.after <= floor(a.at) AND s.upto > floor(a.at) THEN s.duration_ns END)::DOUBLE AS low_ns,
        max(CASE WHEN s.after <= ceil(a.at) AND s.upto > ceil(a.at) THEN s.duration_ns END)::DOUBLE AS high_ns
    FROM asked a JOIN steps s ON s.party = a.party
    GROUP BY a.party, a.share
), durations AS (
    SELECT party, max(CASE WHEN share = 0.5 THEN ns END) / 1000000 AS ms_p50, max(CASE WHEN share = 0.95 THEN ns END) / 1000000 AS ms_p95
    FROM (SELECT party, share, low_ns * (1 - beyond) + high_ns * beyond AS ns FROM quantiles) GROUP BY party
)
SELECT c.vendor, b.host, c.requests, coalesce(l.failures, 0) AS failures, coalesce(l.benign, 0) AS benign,
    coalesce(l.outage, 0) AS outage, t.code AS top_code, t.category AS top_category,
    d.ms_p50 AS duration_ms_p50, d.ms_p95 AS duration_ms_p95, c.last
FROM calls c
LEFT JOIN busiest b USING (pack, unknown_host)
LEFT JOIN labelled l USING (pack, unknown_host)
LEFT JOIN top_codes t USING (pack, unknown_host)
LEFT JOIN parties p USING (pack, unknown_host)
LEFT JOIN durations d USING (party)
ORDER BY failures DESC, c.requests DESC, c.vendor, b.host;
