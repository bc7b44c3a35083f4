-- question: How did every vendor do during an outage and in a span before it, the routes of the one that was down one by one?
-- parameters: q_vendor, q_host, before, since, until, limit
-- columns: vendor, host (only where no pack knows the vendor), route ('' but for the vendor that was down), own (is that vendor), calls, failed (counts, during), calls_before, failed_before (counts)
-- order: own desc, failed desc, calls desc, vendor, host, route
SELECT c.vendor, c.host, CASE WHEN c.vendor = $q_vendor AND c.host = $q_host THEN c.route ELSE '' END AS place,
    coalesce(c.vendor = $q_vendor AND c.host = $q_host, FALSE) AS own,
    coalesce(sum(t.calls) FILTER (t.minute >= epoch_us($since) // 60000000), 0)::BIGINT AS calls,
    coalesce(sum(t.failed) FILTER (t.minute >= epoch_us($since) // 60000000), 0)::BIGINT AS failed,
    coalesce(sum(t.calls) FILTER (t.minute < epoch_us($since) // 60000000), 0)::BIGINT AS calls_before,
    coalesce(sum(t.failed) FILTER (t.minute < epoch_us($since) // 60000000), 0)::BIGINT AS failed_before
FROM traffic_minutes t JOIN traffic_scopes c ON c.scope_id = t.scope_id
-- A minute that has begun belongs to the span as a whole.
WHERE t.minute >= (epoch_us($before) + 59999999) // 60000000 AND t.minute < (epoch_us($until) + 59999999) // 60000000
GROUP BY c.vendor, c.host, place, own
ORDER BY own DESC, failed DESC, calls DESC, c.vendor, c.host, place
LIMIT $limit;
