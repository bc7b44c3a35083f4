-- question: (a step of finding outages) Is it one resource that fails in a window, asked for again and again, and nothing else?
-- parameters: vendor, host, all_routes, route, since, until, usual_permille
-- columns: one_resource (neither in the window nor in the three days before was it answered well, enough others were, and those meanwhile)
-- order: one row
WITH failed AS (
    SELECT request_key, count(*) AS n
    FROM requests_full
    WHERE ts >= $since AND ts < $until AND es_outage_vendor(vendor) = $vendor AND es_vendor_host(vendor, host) = $host
        AND ($all_routes OR coalesce(route, '') = $route) AND direction IN ('outbound', 'callback') AND outage AND NOT coalesce(benign, false)
    GROUP BY request_key
),
worst AS (SELECT request_key FROM failed ORDER BY n DESC, request_key LIMIT 1),
well AS (
    SELECT b.request_key, b.ts
    FROM requests_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE b.ts >= $since::TIMESTAMP - INTERVAL 3 DAY AND b.ts < $until AND es_outage_vendor(e.vendor) = $vendor AND es_vendor_host(e.vendor, e.host) = $host
        AND ($all_routes OR coalesce(e.route, '') = $route) AND e.direction IN ('outbound', 'callback')
    UNION ALL
    SELECT request_key, ts
    FROM requests_full
    WHERE ts >= $since::TIMESTAMP - INTERVAL 3 DAY AND ts < $until AND es_outage_vendor(vendor) = $vendor AND es_vendor_host(vendor, host) = $host
        AND ($all_routes OR coalesce(route, '') = $route) AND direction IN ('outbound', 'callback') AND NOT coalesce(outage, false)
),
others AS (
    SELECT (SELECT count(*) FROM well WHERE request_key <> (SELECT request_key FROM worst)) AS well,
        (SELECT count(DISTINCT request_key) FROM well WHERE request_key <> (SELECT request_key FROM worst)) AS requests,
        (SELECT count(*) FROM well WHERE ts >= $since) AS meanwhile,
        (SELECT coalesce(sum(n), 0) FROM failed WHERE request_key <> (SELECT request_key FROM worst)) AS failed
)
SELECT NOT EXISTS (SELECT 1 FROM well WHERE request_key = (SELECT request_key FROM worst))
    AND requests >= 5 AND well >= 10 AND failed <= (meanwhile + failed) * greatest(0.05, 0.003 * $usual_permille::BIGINT) AS one_resource
FROM others;
