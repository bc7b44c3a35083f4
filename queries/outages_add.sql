-- question: (a step of finding outages) Add up the calls of the pending stretches by minute and by ten minutes. The parameters hold all stretches.
-- parameters: first_source, last_source, from_offset, to_offset
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE traffic_added AS
WITH labelled AS (
    SELECT
        f.source_id, p.from_offset, es_outage_vendor(f.vendor) AS vendor, es_vendor_host(f.vendor, f.host) AS host, coalesce(f.route, '') AS route,
        epoch_us(f.ts) // 60000000 AS minute,
        coalesce(f.outage, false) AND NOT coalesce(f.benign, false) AS failed,
        coalesce(f.status, 0) = 0 OR f.status IN (502, 503, 504) AND f.code IS NULL AND f.error_type IS NULL AS unreached,
        coalesce(f.trace_id, f.client_request_id) AS call, coalesce(f.request_key, f.source_offset) AS request_key
    FROM requests_full f
    JOIN temp.traffic_pending p ON p.source_id = f.source_id AND f.source_offset >= p.from_offset AND f.source_offset < p.to_offset
    WHERE f.source_id >= $first_source AND f.source_id <= $last_source AND f.source_offset >= $from_offset AND f.source_offset < $to_offset
        AND f.direction IN ('outbound', 'callback')
),
attempts AS (
    SELECT source_id, from_offset, vendor, host, route, minute, failed, bool_and(unreached) AS unreached,
        -- Without an id, what is asked for again up to three times in a minute is a call that was tried again.
        CASE WHEN failed AND (call IS NOT NULL OR count(*) <= 4) THEN 1 ELSE count(*) END AS calls
    FROM (SELECT * REPLACE (CASE WHEN failed THEN call END AS call, CASE WHEN failed AND call IS NULL THEN request_key END AS request_key) FROM labelled)
    GROUP BY source_id, from_offset, vendor, host, route, minute, failed, call, request_key
),
minutes AS (
    SELECT b.source_id, b.from_offset, es_outage_vendor(e.vendor) AS vendor, es_vendor_host(e.vendor, e.host) AS host, coalesce(e.route, '') AS route, b.minute,
        b.calls, 0 AS failed, 0 AS unreached
    FROM temp.traffic_brief b JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE e.direction IN ('outbound', 'callback')
    UNION ALL
    SELECT source_id, from_offset, vendor, host, route, minute, calls, CASE WHEN failed THEN calls ELSE 0 END, CASE WHEN failed AND unreached THEN calls ELSE 0 END
    FROM attempts
)
SELECT m.source_id, m.from_offset, m.vendor, m.host, m.route, m.minute, sum(m.calls)::BIGINT AS calls, sum(m.failed)::BIGINT AS failed, sum(m.unreached)::BIGINT AS unreached
FROM minutes m JOIN temp.traffic_pending p ON p.source_id = m.source_id AND p.from_offset = m.from_offset AND m.minute >= p.from_minute
GROUP BY m.source_id, m.from_offset, m.vendor, m.host, m.route, m.minute;

INSERT INTO traffic_scopes
SELECT (SELECT coalesce(max(scope_id), 0) FROM traffic_scopes) + row_number() OVER (ORDER BY vendor, host, route), vendor, host, route
FROM (SELECT vendor, host, route FROM temp.traffic_added EXCEPT SELECT vendor, host, route FROM traffic_scopes);

INSERT INTO traffic_minutes
SELECT t.source_id, t.from_offset, s.scope_id, t.minute, t.calls, t.failed, t.unreached
FROM temp.traffic_added t JOIN traffic_scopes s ON s.vendor = t.vendor AND s.host = t.host AND s.route = t.route;

INSERT INTO traffic_blocks
SELECT t.source_id, t.from_offset, s.scope_id, t.minute // 10, min(t.minute), max(t.minute), sum(t.calls), sum(t.failed)
FROM temp.traffic_added t JOIN traffic_scopes s ON s.vendor = t.vendor AND s.host = t.host AND s.route = t.route
GROUP BY t.source_id, t.from_offset, s.scope_id, t.minute // 10;

INSERT INTO temp.traffic_changed SELECT min(minute), max(minute) FROM temp.traffic_added;

DELETE FROM temp.traffic_pending;
