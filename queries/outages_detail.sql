-- question: (a step of finding outages) What do the rows of a window say?
-- parameters: vendor, host, all_routes, route, since, until, peak
-- columns: started_at, ended_at (of the failed ones), requests, failures, unreached, codes, routes, account_ids, request_ids (JSON), top_code, accounts, same_request (the most failures of one request that names what it is about), only_host (where nearly all fail, and calls to others are well; else NULL)
-- order: one row
WITH failed AS (
    SELECT ts, coalesce(host, '') AS host, coalesce(code, error_type, category, '') AS code, coalesce(route, '') AS route, account, request_id, coalesce(status, 0) = 0 AS unreached,
        CASE WHEN method <> 'POST' THEN request_key END AS request_key -- what a POST is about stands in its body
    FROM requests_full
    WHERE ts >= $since AND ts < $until AND es_outage_vendor(vendor) = $vendor AND es_vendor_host(vendor, host) = $host
        AND ($all_routes OR coalesce(route, '') = $route) AND direction IN ('outbound', 'callback') AND outage AND NOT coalesce(benign, false)
),
codes AS (SELECT code, count(*) AS n FROM failed GROUP BY code),
ids AS ( -- the three oldest, the two nearest to the peak, the three newest
    SELECT request_id, min(ts) AS ts FROM (
        (SELECT request_id, ts FROM failed WHERE request_id IS NOT NULL ORDER BY ts, request_id LIMIT 3)
        UNION ALL
        (SELECT request_id, ts FROM failed WHERE request_id IS NOT NULL ORDER BY abs(epoch_us(ts) - epoch_us($peak::TIMESTAMP)), request_id LIMIT 2)
        UNION ALL
        (SELECT request_id, ts FROM failed WHERE request_id IS NOT NULL ORDER BY ts DESC, request_id LIMIT 3)
    ) GROUP BY request_id
),
quiet AS (
    SELECT coalesce(e.host, '') AS host, count(*) AS n
    FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE b.ts >= $since AND b.ts < $until AND b.ts >= (SELECT min(ts) FROM failed) AND b.ts <= (SELECT max(ts) FROM failed)
        AND es_outage_vendor(e.vendor) = $vendor AND es_vendor_host(e.vendor, e.host) = $host
        AND ($all_routes OR coalesce(e.route, '') = $route) AND e.direction IN ('outbound', 'callback')
    GROUP BY coalesce(e.host, '')
),
worst_host AS (SELECT host, count(*) AS n FROM failed GROUP BY host ORDER BY n DESC, host LIMIT 1),
labelled AS (
    SELECT count(*) AS n
    FROM requests_full
    WHERE ts >= $since AND ts < $until AND ts >= (SELECT min(ts) FROM failed) AND ts <= (SELECT max(ts) FROM failed)
        AND es_outage_vendor(vendor) = $vendor AND es_vendor_host(vendor, host) = $host
        AND ($all_routes OR coalesce(route, '') = $route) AND direction IN ('outbound', 'callback')
)
SELECT
    (SELECT min(ts) FROM failed) AS started_at,
    (SELECT max(ts) FROM failed) AS ended_at,
    (SELECT coalesce(sum(n), 0)::BIGINT FROM quiet) + (SELECT n FROM labelled) AS requests,
    (SELECT count(*) FROM failed) AS failures,
    (SELECT count(*) FROM failed WHERE unreached) AS unreached,
    (SELECT to_json(list({'code': code, 'rows': n} ORDER BY n DESC, code))::VARCHAR FROM codes) AS codes,
    (SELECT to_json(list(DISTINCT route ORDER BY route))::VARCHAR FROM failed) AS routes,
    (SELECT to_json(list(DISTINCT account ORDER BY account) FILTER (account IS NOT NULL))::VARCHAR FROM failed) AS account_ids,
    (SELECT to_json(list(request_id ORDER BY ts, request_id))::VARCHAR FROM ids) AS request_ids,
    (SELECT code FROM codes WHERE code <> '' ORDER BY n DESC, code LIMIT 1) AS top_code,
    (SELECT count(DISTINCT account) FROM failed) AS accounts,
    (SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM failed WHERE request_key IS NOT NULL GROUP BY request_key)) AS same_request,
    (SELECT host FROM worst_host w
        WHERE w.n >= 0.95 * (SELECT count(*) FROM failed)
            AND (SELECT coalesce(sum(n), 0) FROM quiet WHERE host <> w.host) >= 5 + 10 * ((SELECT count(*) FROM failed) - w.n)) AS only_host;
