-- question: (a step of finding outages) How many calls failed by minute, where minutes without a failure of the vendor are drawn together?
-- parameters: from_minute, to_minute, from_party, to_party
-- columns: vendor, host, route, first and last (minutes since 1970), calls, failed, unreached
-- order: vendor, host, first, route
WITH scopes AS (
    SELECT scope_id, vendor, host, route, dense_rank() OVER (ORDER BY vendor, host) AS party, row_number() OVER (ORDER BY vendor, host, route) AS place
    FROM traffic_scopes
),
minutes AS (
    SELECT s.party, s.place, t.minute, t.calls, t.failed, t.unreached
    FROM (
        SELECT scope_id, minute, sum(calls)::BIGINT AS calls, sum(failed)::BIGINT AS failed, sum(unreached)::BIGINT AS unreached
        FROM traffic_minutes
        WHERE minute >= $from_minute AND minute < $to_minute
        GROUP BY scope_id, minute
    ) t
    JOIN scopes s ON s.scope_id = t.scope_id
    WHERE s.party >= $from_party AND s.party <= $to_party
),
vendor_minutes AS (
    SELECT party, minute, max(failed) > 0 AS some_failed FROM minutes GROUP BY party, minute
),
runs AS (
    SELECT *, sum(CASE WHEN some_failed THEN 1 ELSE 0 END) OVER (PARTITION BY party ORDER BY minute) AS run FROM vendor_minutes
),
spans AS ( -- a run of quiet minutes ends with its hour at the latest
    SELECT party, minute, min(minute) OVER w AS first, max(minute) OVER w AS last
    FROM runs
    WINDOW w AS (PARTITION BY party, run, some_failed, minute // 60)
),
drawn AS (
    SELECT m.place, s.first, s.last, sum(m.calls)::BIGINT AS calls, sum(m.failed)::BIGINT AS failed, sum(m.unreached)::BIGINT AS unreached
    FROM minutes m JOIN spans s ON s.party = m.party AND s.minute = m.minute
    GROUP BY m.place, s.first, s.last
)
SELECT c.vendor, c.host, c.route, d.first, d.last, d.calls, d.failed, d.unreached
FROM drawn d JOIN scopes c ON c.place = d.place
ORDER BY c.party, d.first, c.place;
