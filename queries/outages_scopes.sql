-- question: (a step of finding outages) How much traffic has each vendor in a span?
-- parameters: since, until
-- columns: vendor, host, minutes (rows of traffic_minutes)
-- order: vendor, host
SELECT vendor, host, count(*) AS minutes
FROM traffic_minutes
WHERE minute >= $since AND minute < $until
GROUP BY vendor, host
ORDER BY vendor, host;
