-- question: (a step of finding outages) What do routes usually do? The ten minutes with a failure one by one, the rest of a day as one.
-- parameters: from_minute, to_minute
-- columns: vendor, host, route, day (since 1970), block (ten minutes since 1970, -1: the rest of the day), first and last (minutes since 1970), calls, failed
-- order: vendor, host, route, day, block
WITH blocks AS (
    SELECT scope_id, block, min(first) AS first, max(last) AS last, sum(calls)::BIGINT AS calls, sum(failed)::BIGINT AS failed
    FROM traffic_blocks
    WHERE block >= $from_minute // 10 AND block < $to_minute // 10
    GROUP BY scope_id, block
),
days AS (
    SELECT scope_id, block // 144 AS day, CASE WHEN failed > 0 THEN block ELSE -1 END AS block, min(first) AS first, max(last) AS last,
        sum(calls)::BIGINT AS calls, sum(failed)::BIGINT AS failed
    FROM blocks
    GROUP BY ALL
)
SELECT s.vendor, s.host, s.route, d.day, d.block, d.first, d.last, d.calls, d.failed
FROM days d JOIN traffic_scopes s ON s.scope_id = d.scope_id
ORDER BY s.vendor, s.host, s.route, d.day, d.block;
