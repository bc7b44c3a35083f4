-- question: (a step of finding outages) Add up the calls of a stretch of a source by minute.
-- parameters: source_id, from_offset, to_offset
-- columns: none
-- order: none
INSERT INTO traffic_minutes
WITH brief AS (
    SELECT endpoint_id, date_trunc('minute', ts) AS minute, count(*) AS calls
    FROM requests_brief
    WHERE source_id = $source_id AND source_offset >= $from_offset AND source_offset < $to_offset AND ts IS NOT NULL
    GROUP BY ALL
),
labelled AS (
    SELECT
        es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(route, '') AS route, date_trunc('minute', ts) AS minute,
        coalesce(outage, false) AND NOT coalesce(benign, false) AS failed, coalesce(status, 0) = 0 AS unreached,
        coalesce(trace_id, client_request_id, source_offset::VARCHAR) AS call
    FROM requests_full
    WHERE source_id = $source_id AND source_offset >= $from_offset AND source_offset < $to_offset AND ts IS NOT NULL
        AND direction IN ('outbound', 'callback')
),
minutes AS (
    SELECT es_vendor(e.vendor) AS vendor, es_vendor_host(e.vendor, e.host) AS host, coalesce(e.route, '') AS route, b.minute,
        sum(b.calls) AS calls, 0 AS failed, 0 AS unreached
    FROM brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE e.direction IN ('outbound', 'callback')
    GROUP BY ALL
    UNION ALL
    SELECT vendor, host, route, minute, count(*) FILTER (NOT failed) + count(DISTINCT call) FILTER (failed),
        count(DISTINCT call) FILTER (failed), count(DISTINCT call) FILTER (failed AND unreached)
    FROM labelled
    GROUP BY ALL
)
SELECT $source_id, $from_offset, vendor, host, route, minute, sum(calls), sum(failed), sum(unreached)
FROM minutes
GROUP BY vendor, host, route, minute;
