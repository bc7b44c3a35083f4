-- question: What share of the calls of a vendor, or of one route, failed as in an outage, by so many minutes?
-- parameters: q_vendor, q_host, all_routes, route, first_minute, end_minute, step_minutes, limit
-- columns: start (UTC), calls, failed (counts; attempts of one call count once); spans without calls are left out; minutes count from 1970
-- order: start
SELECT es_time(($first_minute + es_whole(t.minute - $first_minute, $step_minutes) * $step_minutes) * 60000000) AS start,
    sum(t.calls)::BIGINT AS calls, sum(t.failed)::BIGINT AS failed
FROM traffic_minutes t
WHERE t.minute >= $first_minute AND t.minute < $end_minute AND t.scope_id IN (
    SELECT scope_id FROM traffic_scopes
    WHERE ($q_vendor IS NULL OR vendor = $q_vendor AND host = $q_host) AND ($all_routes OR route = $route)
)
GROUP BY start
ORDER BY start
LIMIT $limit;
