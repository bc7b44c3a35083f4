WITH called AS (
    SELECT endpoint_id, es_pack(vendor) AS pack, es_vendor_host(vendor, host) AS host, coalesce(method, '') AS method, coalesce(route, '') AS route,
        es_route_print(es_pack(vendor), es_vendor_host(vendor, host), method, route) AS of_route
    FROM endpoints
    WHERE direction IS DISTINCT FROM 'inbound'
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), full_calls AS (
    SELECT es_route_print(es_pack(vendor), es_vendor_host(vendor, host), method, route) AS of_route, es_pack(vendor) AS pack,
        es_vendor_host(vendor, host) AS host, coalesce(method, '') AS method, coalesce(route, '') AS route,
        category IS NOT NULL AND NOT benign AS failed, category = 'timeout' AND NOT benign AS timed_out, (duration_ms * 1000000)::BIGINT AS duration_ns
    FROM requests_full
    WHERE direction IS DISTINCT FROM 'inbound' AND es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), routes AS (
    -- Small numbers: what has many rows is grouped by them.
    SELECT of_route, pack, host, method, route, row_number() OVER (ORDER BY of_route)::INTEGER AS nth,
        dense_rank() OVER (ORDER BY pack, host)::INTEGER AS party
    FROM (SELECT DISTINCT of_route, pack, host, method, route FROM
        (SELECT of_route, pack, host, method, route FROM called UNION ALL SELECT of_route, pack, host, method, route FROM full_calls))
), timed AS (
    SELECT r.party, r.nth, false AS failed, false AS timed_out, (b.duration_ms * 1000000)::BIGINT AS duration_ns
    FROM requests_brief b
    JOIN (SELECT c.endpoint_id, r.nth, r.party FROM called c JOIN routes r ON r.of_route = c.of_route) r ON r.endpoint_id = b.endpoint_id
    WHERE es_in_span(b.ts, $since, $until)
    UNION ALL
    SELECT r.party, r.nth, f.failed, coalesce(f.timed_out, false), f.duration_ns
    FROM full_calls f JOIN routes r ON r.of_route = f.of_route
), measured AS (
    SELECT party, nth, failed, count(*) AS requests, count(duration_ns) AS timed, count(*) FILTER (WHERE timed_out) AS timeouts,
        es_spread(duration_ns) AS spread, max(duration_ns) AS longest
    FROM timed GROUP BY GROUPING SETS ((party, failed), (party, nth, failed))
)
SELECT CASE WHEN r.pack = '' THEN 'unknown' ELSE r.pack END AS vendor, r.host, CASE WHEN m.nth IS NULL THEN '' ELSE r.method END AS method,
    CASE WHEN m.nth IS NULL THEN '' ELSE r.route END AS route, m.nth IS NULL AS whole, m.failed, m.requests, m.timed, m.timeouts,
    m.spread[1] / 1000000 AS ms_p50, m.spread[2] / 1000000 AS ms_p90, m.spread[3] / 1000000 AS ms_p95, m.spread[4] / 1000000 AS ms_p99,
    m.longest / 1000000 AS ms_max
FROM measured m
JOIN routes r ON r.party = m.party AND r.nth = coalesce(m.nth, (SELECT min(x.nth) FROM routes x WHERE x.party = m.party))
ORDER BY whole DESC, requests DESC, vendor, host, method, route, failed
LIMIT $limit;
