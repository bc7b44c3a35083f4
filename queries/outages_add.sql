-- question: (a step of finding outages) Add up the calls of a stretch of a source by minute.
-- parameters: source_id, from_offset, to_offset
-- columns: none
-- order: none
INSERT INTO traffic_minutes
WITH kept AS (
    -- What lies before the last pruning cannot be told again and stays.
    SELECT coalesce((SELECT date_trunc('hour', max(r.cutoff)) + INTERVAL 1 HOUR FROM retention r WHERE EXISTS (SELECT 1 FROM sources s WHERE s.source_id = $source_id AND s.pruned > 0)), TIMESTAMP '0001-01-01') AS from_ts
),
brief AS (
    SELECT endpoint_id, date_trunc('minute', ts) AS minute, count(*) AS calls
    FROM requests_brief
    WHERE source_id = $source_id AND source_offset >= $from_offset AND source_offset < $to_offset AND ts >= (SELECT from_ts FROM kept)
    GROUP BY ALL
),
labelled AS (
    SELECT
        es_outage_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(route, '') AS route, date_trunc('minute', ts) AS minute,
        coalesce(outage, false) AND NOT coalesce(benign, false) AS failed,
        coalesce(status, 0) = 0 OR status IN (502, 503, 504) AND code IS NULL AND error_type IS NULL AS unreached,
        coalesce(trace_id, client_request_id) AS call, coalesce(request_key, source_offset) AS request_key
    FROM requests_full
    WHERE source_id = $source_id AND source_offset >= $from_offset AND source_offset < $to_offset AND ts >= (SELECT from_ts FROM kept)
        AND direction IN ('outbound', 'callback')
),
attempts AS (
    SELECT vendor, host, route, minute, count(*) AS attempts, bool_and(unreached) AS unreached,
        -- Without an id, what is asked for again up to three times in a minute is a call that was tried again.
        CASE WHEN call IS NOT NULL OR count(*) <= 4 THEN 1 ELSE count(*) END AS calls
    FROM labelled
    WHERE failed
    GROUP BY vendor, host, route, minute, call, CASE WHEN call IS NULL THEN request_key END
),
minutes AS (
    SELECT es_outage_vendor(e.vendor) AS vendor, es_vendor_host(e.vendor, e.host) AS host, coalesce(e.route, '') AS route, b.minute,
        sum(b.calls) AS calls, 0 AS failed, 0 AS unreached
    FROM brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE e.direction IN ('outbound', 'callback')
    GROUP BY ALL
    UNION ALL
    SELECT vendor, host, route, minute, count(*), 0, 0 FROM labelled WHERE NOT failed GROUP BY ALL
    UNION ALL
    SELECT vendor, host, route, minute, sum(calls), sum(calls), coalesce(sum(calls) FILTER (unreached), 0) FROM attempts GROUP BY ALL
)
SELECT $source_id, $from_offset, vendor, host, route, minute, sum(calls), sum(failed), sum(unreached)
FROM minutes
GROUP BY vendor, host, route, minute;
