-- question: How did every vendor do during an outage and in a span before it, the routes of the one that was down one by one?
-- parameters: q_vendor, q_host, before_minute, first_minute, end_minute, limit
-- columns: vendor, host (only where no pack knows the vendor), place (the route, '' but for the vendor that was down), own (is that vendor), calls, failed (counts, during), calls_before, failed_before (counts); minutes count from 1970
-- order: own desc, failed desc, calls desc, vendor, host, place
WITH sums AS (
    SELECT scope_id, coalesce(sum(calls) FILTER (minute >= $first_minute), 0)::BIGINT AS calls, coalesce(sum(failed) FILTER (minute >= $first_minute), 0)::BIGINT AS failed,
        coalesce(sum(calls) FILTER (minute < $first_minute), 0)::BIGINT AS calls_before, coalesce(sum(failed) FILTER (minute < $first_minute), 0)::BIGINT AS failed_before
    FROM traffic_minutes
    WHERE minute >= $before_minute AND minute < $end_minute
    GROUP BY scope_id
), placed AS (
    SELECT s.vendor, s.host, CASE WHEN s.vendor = $q_vendor AND s.host = $q_host THEN s.route ELSE '' END AS place,
        coalesce(s.vendor = $q_vendor AND s.host = $q_host, FALSE) AS own, u.calls, u.failed, u.calls_before, u.failed_before
    FROM sums u JOIN traffic_scopes s ON s.scope_id = u.scope_id
)
SELECT vendor, host, place, own, sum(calls)::BIGINT AS calls, sum(failed)::BIGINT AS failed,
    sum(calls_before)::BIGINT AS calls_before, sum(failed_before)::BIGINT AS failed_before
FROM placed
GROUP BY vendor, host, place, own
ORDER BY own DESC, failed DESC, calls DESC, vendor, host, place
LIMIT $limit;
