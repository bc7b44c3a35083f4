-- question: What failed how often in a span, to compare with later?
-- parameters: name, saved_at, since, until
-- columns: none
-- order: none
INSERT INTO baselines
WITH failed AS (
    SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(code, '') AS code,
        CASE WHEN code IS NULL THEN coalesce(error_type, '') ELSE '' END AS error_type,
        CASE WHEN code IS NULL AND error_type IS NULL THEN coalesce(status, -1) ELSE -1 END AS status, category
    FROM failures WHERE es_in_span(ts, $since, $until)
), called AS (
    SELECT es_pack(e.vendor) AS vendor, es_vendor_host(e.vendor, e.host) AS host, b.n
    FROM (SELECT endpoint_id, count(*) AS n FROM requests_brief WHERE es_in_span(ts, $since, $until) GROUP BY endpoint_id) b
    JOIN endpoints e ON e.endpoint_id = b.endpoint_id
    WHERE coalesce(e.direction, '') <> 'inbound'
    UNION ALL
    SELECT es_pack(vendor), es_vendor_host(vendor, host), count(*)
    FROM requests_full WHERE coalesce(direction, '') <> 'inbound' AND es_in_span(ts, $since, $until)
    GROUP BY es_pack(vendor), es_vendor_host(vendor, host)
)
SELECT $name, $saved_at, $since, $until, vendor, host, code, error_type, status, category, count(*), NULL
FROM failed GROUP BY vendor, host, code, error_type, status, category
UNION ALL
SELECT $name, $saved_at, $since, $until, vendor, host, NULL, NULL, NULL, NULL, NULL, sum(n)::BIGINT
FROM called GROUP BY vendor, host;
