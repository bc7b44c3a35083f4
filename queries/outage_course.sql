-- question: What share of the calls of a vendor, or of one route, failed as in an outage, by so many minutes?
-- parameters: q_vendor, q_host, all_routes, route, shown_since, shown_until, step_minutes, limit
-- columns: start (UTC), calls, failed (counts; attempts of one call count once); spans without calls are left out
-- order: start
SELECT time_bucket(to_minutes($step_minutes), make_timestamp(t.minute * 60000000), $shown_since::TIMESTAMP) AS start,
    sum(t.calls)::BIGINT AS calls, sum(t.failed)::BIGINT AS failed
FROM traffic_minutes t JOIN traffic_scopes c ON c.scope_id = t.scope_id
WHERE t.minute >= (epoch_us($shown_since) + 59999999) // 60000000 AND t.minute < (epoch_us($shown_until) + 59999999) // 60000000
    AND ($q_vendor IS NULL OR c.vendor = $q_vendor AND c.host = $q_host) AND ($all_routes OR c.route = $route)
GROUP BY start
ORDER BY start
LIMIT $limit;
