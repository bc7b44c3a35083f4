-- question: How long do vendors and routes take to answer, and to fail?
-- parameters: since, until, vendor, account, limit
-- columns: vendor (unknown where no pack knows it), host (where no pack knows the vendor), method, route (both '' where the row is of the whole vendor), whole (of the whole vendor), failed (failures, else answers), requests, timed (counts; timed ones have a duration), timeouts (count), ms_p50, ms_p90, ms_p95, ms_p99, ms_max (ms)
-- order: whole first, then requests desc, vendor, host, method, route, failed
WITH called AS (
    SELECT endpoint_id, es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS host, coalesce(method, '') AS method, coalesce(route, '') AS route
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
), full_calls AS (
    SELECT vendor, host, method, route, category IS NOT NULL AND NOT benign AS failed, duration_ms::BIGINT AS whole_ms, count(*)::BIGINT AS n,
        count(*) FILTER (WHERE category = 'timeout' AND NOT benign) AS timeouts, es_any(duration_ms <> duration_ms::BIGINT) AS split
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY vendor, host, method, route, category IS NOT NULL AND NOT benign, duration_ms::BIGINT
), counted AS (
    SELECT pack, host, method, route, failed, whole_ms, sum(n)::BIGINT AS n, sum(timeouts)::BIGINT AS timeouts, es_any(split) AS split
    FROM (
        SELECT c.pack, c.host, c.method, c.route, false AS failed, b.whole_ms, b.n, 0 AS timeouts, b.split
        FROM brief_calls b JOIN called c ON c.endpoint_id = b.endpoint_id
        UNION ALL
        SELECT es_pack(vendor), es_vendor_host(vendor, host), coalesce(method, ''), coalesce(route, ''), failed, whole_ms, n, timeouts, split FROM full_calls
    ) GROUP BY pack, host, method, route, failed, whole_ms
), routes AS (
    -- A number for each route, and one, below 0, for each vendor as a whole.
    SELECT pack, host, method, route, failed, row_number() OVER (ORDER BY pack, host, method, route, failed)::INTEGER AS nth,
        -dense_rank() OVER (ORDER BY pack, host, failed)::INTEGER AS party
    FROM (SELECT DISTINCT pack, host, method, route, failed FROM counted)
), numbered AS (
    SELECT r.nth, r.party, c.whole_ms, c.n, c.timeouts, c.split
    FROM counted c
    JOIN routes r ON r.pack = c.pack AND r.host = c.host AND r.method = c.method AND r.route = c.route AND r.failed = c.failed
), times AS (
    SELECT nth, whole_ms, n, timeouts, split FROM numbered
    UNION ALL
    SELECT party, whole_ms, sum(n)::BIGINT, sum(timeouts)::BIGINT, es_any(split) FROM numbered GROUP BY party, whole_ms
), totals AS (
    SELECT nth, sum(n)::BIGINT AS requests, coalesce(sum(n) FILTER (WHERE whole_ms IS NOT NULL), 0)::BIGINT AS timed,
        sum(timeouts)::BIGINT AS timeouts
    FROM times GROUP BY nth
), placed AS (
    SELECT nth, whole_ms, n, split, sum(n) OVER (PARTITION BY nth ORDER BY whole_ms ROWS UNBOUNDED PRECEDING) AS upto
    FROM times WHERE whole_ms IS NOT NULL
), asked AS (
    -- A quantile lies at a place among the sorted calls, from 0, or between two.
    SELECT t.nth, s.share, (t.timed - 1)::DOUBLE * s.share AS at
    FROM totals t, (SELECT 0.5::DOUBLE AS share UNION ALL SELECT 0.9::DOUBLE UNION ALL SELECT 0.95::DOUBLE UNION ALL SELECT 0.99::DOUBLE UNION ALL SELECT 1::DOUBLE) s
    WHERE t.timed > 0
), near AS (
    SELECT DISTINCT p.nth, p.whole_ms, p.n, p.split, p.upto
    FROM placed p JOIN asked a ON a.nth = p.nth AND p.upto > floor(a.at) AND p.upto - p.n <= ceil(a.at)
), wanted AS (
    -- Only milliseconds that a quantile lies in, and that have parts, are looked into.
    SELECT DISTINCT r.nth, r.party, r.pack, r.host, r.method, r.route, r.failed, n.whole_ms
    FROM near n JOIN routes r ON r.nth = n.nth OR r.party = n.nth
    WHERE n.split
), wanted_full AS (
    -- Routes of full rows are compared as numbers.
    SELECT DISTINCT es_route_print(f.vendor, f.host, f.method, f.route) AS print, w.nth, w.party, w.failed, w.whole_ms
    FROM wanted w
    JOIN (SELECT DISTINCT vendor, host, method, route, es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS unknown_host FROM full_calls) f
        ON f.pack = w.pack AND f.unknown_host = w.host AND coalesce(f.method, '') = w.method AND coalesce(f.route, '') = w.route
), parts AS (
    SELECT nth, party, whole_ms, duration_ns, count(*)::BIGINT AS n
    FROM (
        SELECT w.nth, w.party, w.whole_ms, (b.duration_ms * 1000000)::BIGINT AS duration_ns
        FROM requests_brief b
        JOIN (SELECT c.endpoint_id, w.nth, w.party, w.whole_ms FROM wanted w
              JOIN called c ON c.pack = w.pack AND c.host = w.host AND c.method = w.method AND c.route = w.route WHERE NOT w.failed) w
            ON w.endpoint_id = b.endpoint_id AND w.whole_ms = b.duration_ms::BIGINT
        WHERE es_in_span(b.ts, $since, $until)
        UNION ALL
        SELECT w.nth, w.party, w.whole_ms, (f.duration_ms * 1000000)::BIGINT
        FROM requests_full f
        JOIN wanted_full w ON w.whole_ms = f.duration_ms::BIGINT AND w.print = es_route_print(f.vendor, f.host, f.method, f.route)
            AND w.failed = (f.category IS NOT NULL AND NOT f.benign)
        WHERE f.direction IS DISTINCT FROM 'inbound' AND es_in_span(f.ts, $since, $until)
          AND ($vendor IS NULL OR es_vendor(f.vendor) = $vendor) AND ($account IS NULL OR f.account = $account)
          -- Mostly nothing is wanted; then this keeps all rows out of the join.
          AND f.duration_ms >= (SELECT min(whole_ms) - 1 FROM wanted) AND f.duration_ms <= (SELECT max(whole_ms) + 1 FROM wanted)
    ) GROUP BY nth, party, whole_ms, duration_ns
), steps AS (
    SELECT nth, whole_ms * 1000000 AS duration_ns, upto - n AS after, upto FROM near WHERE NOT split
    UNION ALL
    SELECT nth, duration_ns, before + within - n, before + within
    FROM (SELECT s.nth, s.duration_ns, s.n, w.upto - w.n AS before,
              sum(s.n) OVER (PARTITION BY s.nth, s.whole_ms ORDER BY s.duration_ns ROWS UNBOUNDED PRECEDING) AS within
          FROM (SELECT nth, whole_ms, duration_ns, n FROM parts
                UNION ALL SELECT party, whole_ms, duration_ns, sum(n) FROM parts GROUP BY party, whole_ms, duration_ns) s
          JOIN near w ON w.nth = s.nth AND w.whole_ms = s.whole_ms)
), quantiles AS (
    SELECT a.nth, a.share, max(a.at) - floor(max(a.at)) AS beyond,
        max(CASE WHEN s.after <= floor(a.at) AND s.upto > floor(a.at) THEN s.duration_ns END)::DOUBLE AS low_ns,
        max(CASE WHEN s.after <= ceil(a.at) AND s.upto > ceil(a.at) THEN s.duration_ns END)::DOUBLE AS high_ns
    FROM asked a JOIN steps s ON s.nth = a.nth
    GROUP BY a.nth, a.share
), spread AS (
    SELECT nth, max(CASE WHEN share = 0.5 THEN ms END) AS ms_p50, max(CASE WHEN share = 0.9 THEN ms END) AS ms_p90,
        max(CASE WHEN share = 0.95 THEN ms END) AS ms_p95, max(CASE WHEN share = 0.99 THEN ms END) AS ms_p99, max(CASE WHEN share = 1 THEN ms END) AS ms_max
    FROM (SELECT nth, share, (low_ns * (1 - beyond) + high_ns * beyond) / 1000000 AS ms FROM quantiles) GROUP BY nth
)
SELECT CASE WHEN r.pack = '' THEN 'unknown' ELSE r.pack END AS vendor, r.host, r.method, r.route, r.nth < 0 AS whole, r.failed, t.requests, t.timed, t.timeouts,
    s.ms_p50, s.ms_p90, s.ms_p95, s.ms_p99, s.ms_max
FROM totals t
JOIN (SELECT nth, pack, host, method, route, failed FROM routes
      UNION ALL SELECT DISTINCT party, pack, host, '', '', failed FROM routes) r ON r.nth = t.nth
LEFT JOIN spread s ON s.nth = t.nth
ORDER BY whole DESC, requests DESC, vendor, host, method, route, failed
LIMIT $limit;
