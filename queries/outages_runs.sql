-- question: (a step of finding outages) How many calls failed by minute, where minutes without a failure of the vendor are drawn together?
-- parameters: since, until, from_vendor, from_host, to_vendor, to_host
-- columns: vendor, host, route, first and last (minutes since 1970), calls, failed, unreached
-- order: vendor, host, first, route
WITH minutes AS (
    SELECT vendor, host, route, epoch_us(minute) // 60000000 AS minute, sum(calls) AS calls, sum(failed) AS failed, sum(unreached) AS unreached
    FROM traffic_minutes
    WHERE minute >= $since AND minute < $until 
        AND (vendor > $from_vendor OR vendor = $from_vendor AND host >= $from_host)
        AND (vendor < $to_vendor OR vendor = $to_vendor AND host <= $to_host)
    GROUP BY ALL
),
vendor_minutes AS (
    SELECT vendor, host, minute, sum(failed) > 0 AS some_failed FROM minutes GROUP BY vendor, host, minute
),
runs AS (
    SELECT *, sum(CASE WHEN some_failed THEN 1 ELSE 0 END) OVER (PARTITION BY vendor, host ORDER BY minute) AS run FROM vendor_minutes
),
spans AS ( -- a run of quiet minutes ends with its hour at the latest
    SELECT vendor, host, minute, min(minute) OVER w AS first, max(minute) OVER w AS last
    FROM runs
    WINDOW w AS (PARTITION BY vendor, host, run, some_failed, minute // 60)
)
SELECT m.vendor, m.host, m.route, s.first, s.last, sum(m.calls)::BIGINT AS calls, sum(m.failed)::BIGINT AS failed, sum(m.unreached)::BIGINT AS unreached
FROM minutes m JOIN spans s ON s.vendor = m.vendor AND s.host = m.host AND s.minute = m.minute
GROUP BY m.vendor, m.host, m.route, s.first, s.last
ORDER BY m.vendor, m.host, s.first, m.route;
