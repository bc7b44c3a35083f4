-- question: (a step of finding outages) How much traffic has each vendor in a span? Vendors are numbered in their order.
-- parameters: from_minute, to_minute
-- columns: party, minutes (rows of traffic_minutes)
-- order: party
SELECT s.party, sum(t.minutes)::BIGINT AS minutes
FROM (SELECT scope_id, count(*) AS minutes FROM traffic_minutes WHERE minute >= $from_minute AND minute < $to_minute GROUP BY scope_id) t
JOIN (SELECT scope_id, dense_rank() OVER (ORDER BY vendor, host) AS party FROM traffic_scopes) s ON s.scope_id = t.scope_id
GROUP BY s.party
ORDER BY s.party;
