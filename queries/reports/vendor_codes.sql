-- question: Which codes and which route fail most, by vendor?
-- parameters: since, until, vendor, account, codes
-- columns: vendor ('' where no pack knows it), host (only there), part (code or route), name (the code, type or status; the route), failures (count), place (from 1)
-- order: vendor, host, part, place
WITH failed AS (
    SELECT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host,
        coalesce(code, error_type, status::VARCHAR, '') AS code, trim(coalesce(method, '') || ' ' || coalesce(route, '')) AS route, count(*) AS n
    FROM failures
    WHERE es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY es_pack(vendor), es_vendor_host(vendor, host), coalesce(code, error_type, status::VARCHAR, ''),
        trim(coalesce(method, '') || ' ' || coalesce(route, ''))
), parts AS (
    SELECT vendor, host, 'code' AS part, code AS name, sum(n)::BIGINT AS failures FROM failed GROUP BY vendor, host, code
    UNION ALL
    SELECT vendor, host, 'route', route, sum(n)::BIGINT FROM failed GROUP BY vendor, host, route
), placed AS (
    SELECT *, row_number() OVER (PARTITION BY vendor, host, part ORDER BY failures DESC, name) AS place FROM parts
)
SELECT vendor, host, part, name, failures, place
FROM placed
WHERE place <= CASE WHEN part = 'code' THEN $codes ELSE 1 END
ORDER BY vendor, host, part, place;
