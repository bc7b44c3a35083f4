-- question: Which codes and which route fail most, by vendor?
-- parameters: since, until, vendor, account, codes
-- columns: vendor ('' where no pack knows it), host (only there), part (code or route), name (the code, type or status; the route), failures (count), place (from 1)
-- order: vendor, host, part, place
WITH failed AS (
    -- What follows works on the few rows of this.
    SELECT vendor, host, code, error_type, status, method, route, count(*) AS n
    FROM failures
    WHERE es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
    GROUP BY vendor, host, code, error_type, status, method, route
), named AS (
    SELECT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host, 'code' AS part,
        coalesce(code, error_type, status::VARCHAR, '') AS name, n FROM failed
    UNION ALL
    SELECT es_pack(vendor), es_vendor_host(vendor, host), 'route', trim(coalesce(method, '') || ' ' || coalesce(route, '')), n FROM failed
), placed AS (
    SELECT vendor, host, part, name, sum(n)::BIGINT AS failures,
        row_number() OVER (PARTITION BY vendor, host, part ORDER BY sum(n) DESC, name) AS place
    FROM named GROUP BY vendor, host, part, name
)
SELECT vendor, host, part, name, failures, place
FROM placed
WHERE place <= CASE WHEN part = 'code' THEN $codes ELSE 1 END
ORDER BY vendor, host, part, place;
