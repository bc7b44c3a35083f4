-- question: (a step of finding outages) What do routes usually do? The ten minutes with a failure one by one, the rest of a day as one.
-- parameters: since, until
-- columns: vendor, host, route, day (since 1970), block (ten minutes since 1970, -1: the rest of the day), first and last (minutes since 1970), calls, failed
-- order: vendor, host, route, day, block
WITH blocks AS (
    SELECT vendor, host, route, block, min(first) AS first, max(last) AS last, sum(calls) AS calls, sum(failed) AS failed
    FROM traffic_blocks
    WHERE block >= epoch_us($since::TIMESTAMP) // 600000000 AND block < epoch_us($until::TIMESTAMP) // 600000000
    GROUP BY vendor, host, route, block
)
SELECT vendor, host, route, (block // 144)::BIGINT AS day, (CASE WHEN failed > 0 THEN block ELSE -1 END)::BIGINT AS block,
    min(first)::BIGINT AS first, max(last)::BIGINT AS last, sum(calls)::BIGINT AS calls, sum(failed)::BIGINT AS failed
FROM blocks
GROUP BY vendor, host, route, block // 144, CASE WHEN failed > 0 THEN block ELSE -1 END
ORDER BY 1, 2, 3, 4, 5;
