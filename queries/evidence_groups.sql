-- question: What failed among what was selected, by code and endpoint?
-- parameters: since, until, vendor, codes, categories, request_ids, picking, windows, groups, exchanges, support_only, limit
-- columns: vendor, host (where no pack knows the vendor), code, error_type, status (of all where there is no code, else the largest; 0 is no response), category, retry, fault, rule, action, docs_url, method, route, failures, for_support, in_outage, request_ids (counts), first, last (UTC), of (how many rows this answer would have without a limit)
-- order: failures desc, vendor, host, category, retry, rule, code, error_type, status, method, route
-- includes: evidence_selected
WITH selected AS (
    included
), counted AS (
    SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(code, '') AS code, coalesce(error_type, '') AS error_type,
        CASE WHEN code IS NULL THEN coalesce(status, -1) ELSE -1 END AS key_status, category, coalesce(retry, '') AS retry,
        coalesce(fault, '') AS fault, coalesce(rule, '') AS rule, coalesce(method, '') AS method, coalesce(route, '') AS route,
        max(coalesce(status, -1)) AS status, count(*) AS failures, count(*) FILTER (WHERE for_support) AS for_support,
        count(window_id) AS in_outage, count(DISTINCT request_id) AS request_ids, min(ts) AS first, max(ts) AS last
    FROM selected
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
)
SELECT c.vendor, c.host, c.code, c.error_type, c.status, c.category, c.retry, c.fault, c.rule, u.action, u.docs_url, c.method, c.route,
    c.failures, c.for_support, c.in_outage, c.request_ids, c.first, c.last, count(*) OVER () AS "of"
FROM counted c
LEFT JOIN rules u ON u.rule = c.rule
ORDER BY c.failures DESC, c.vendor, c.host, c.category, c.retry, c.rule, c.code, c.error_type, c.status, c.method, c.route
LIMIT $limit;
