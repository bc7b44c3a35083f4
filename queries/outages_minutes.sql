-- question: (a step of finding outages) How many calls failed by minute?
-- parameters: from_minute, to_minute, from_party, to_party
-- columns: party, place (as in outages_scopes), minute (since 1970), calls, failed, unreached
-- order: party, minute, place
SELECT s.party, s.place, t.minute, t.calls, t.failed, t.unreached
FROM (
    SELECT scope_id, minute, sum(calls)::BIGINT AS calls, sum(failed)::BIGINT AS failed, sum(unreached)::BIGINT AS unreached
    FROM traffic_minutes
    WHERE minute >= $from_minute AND minute < $to_minute
    GROUP BY scope_id, minute
) t
JOIN (
    SELECT scope_id, dense_rank() OVER (ORDER BY vendor, host) AS party, row_number() OVER (ORDER BY vendor, host, route) AS place
    FROM traffic_scopes
) s ON s.scope_id = t.scope_id
WHERE s.party >= $from_party AND s.party <= $to_party
ORDER BY s.party, t.minute, s.place;
