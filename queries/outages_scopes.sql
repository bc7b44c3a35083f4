-- question: (a step of finding outages) Which routes have traffic in a span, and how much?
-- parameters: from_minute, to_minute
-- columns: place (in the order of vendor, host, route), party (of vendor and host, in their order), vendor, host, route, minutes (rows of traffic_minutes)
-- order: place
SELECT s.place, s.party, s.vendor, s.host, s.route, t.minutes
FROM (SELECT scope_id, count(*) AS minutes FROM traffic_minutes WHERE minute >= $from_minute AND minute < $to_minute GROUP BY scope_id) t
JOIN (
    SELECT scope_id, vendor, host, route, dense_rank() OVER (ORDER BY vendor, host) AS party, row_number() OVER (ORDER BY vendor, host, route) AS place
    FROM traffic_scopes
) s ON s.scope_id = t.scope_id
ORDER BY s.place;
