-- question: How did every vendor do during an outage and in a span before it, the routes of the one that was down one by one?
-- parameters: q_vendor, q_host, before, since, until, limit
-- columns: vendor, host (only where no pack knows the vendor), route ('' but for the vendor that was down), own (is that vendor), calls, failed (counts, during), calls_before, failed_before (counts)
-- order: own desc, failed desc, calls desc, vendor, host, route
SELECT vendor, host, CASE WHEN vendor = $q_vendor AND host = $q_host THEN route ELSE '' END AS place,
    coalesce(vendor = $q_vendor AND host = $q_host, FALSE) AS own,
    coalesce(sum(calls) FILTER (minute >= $since), 0)::BIGINT AS calls, coalesce(sum(failed) FILTER (minute >= $since), 0)::BIGINT AS failed,
    coalesce(sum(calls) FILTER (minute < $since), 0)::BIGINT AS calls_before, coalesce(sum(failed) FILTER (minute < $since), 0)::BIGINT AS failed_before
FROM traffic_minutes
WHERE minute >= $before AND minute < $until
GROUP BY vendor, host, place, own
ORDER BY own DESC, failed DESC, calls DESC, vendor, host, place
LIMIT $limit;
