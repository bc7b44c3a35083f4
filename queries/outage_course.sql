-- question: What share of the calls of a vendor, or of one route, failed as in an outage, by so many minutes?
-- parameters: q_vendor, q_host, all_routes, route, shown_since, shown_until, step_minutes, limit
-- columns: start (UTC), calls, failed (counts; attempts of one call count once); spans without calls are left out
-- order: start
SELECT time_bucket(to_minutes($step_minutes), minute, $shown_since::TIMESTAMP) AS start, sum(calls)::BIGINT AS calls, sum(failed)::BIGINT AS failed
FROM traffic_minutes
WHERE minute >= $shown_since AND minute < $shown_until AND ($q_vendor IS NULL OR vendor = $q_vendor AND host = $q_host) AND ($all_routes OR route = $route)
GROUP BY start
ORDER BY start
LIMIT $limit;
