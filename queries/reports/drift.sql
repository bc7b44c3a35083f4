-- question: Which failures does no rule know, by what they say, since they were first seen?
-- parameters: until, vendor, account, limit
-- columns: vendor, host (where no pack knows the vendor), code, error_type, message (of the newest; where code and type are missing one of its kind), body (of the newest, its beginning; where there is nothing else), status (-1 is not stated), category, failures (count), first, last (UTC), newest (place of a row, see es_place), kinds (count of the rows of this answer without its limit)
-- order: those with a code or type first, then failures desc, vendor, host, code, error_type, folded, skeleton, status, category
WITH strange AS (
    SELECT es_vendor(f.vendor) AS vendor, es_vendor_host(f.vendor, f.host) AS host, coalesce(f.code, '') AS code,
        coalesce(f.error_type, '') AS error_type,
        -- Coarse stand-ins for the templates and shapes that are made of the answer.
        CASE WHEN f.code IS NULL AND f.error_type IS NULL THEN coalesce(es_folded(f.message), '') ELSE '' END AS folded,
        CASE WHEN f.code IS NULL AND f.error_type IS NULL AND f.message IS NULL THEN coalesce(es_skeleton(f.body), '') ELSE '' END AS skeleton,
        coalesce(f.status, -1) AS status, f.category, f.ts, f.message, f.body, es_place(f.ts, f.source_id, f.source_offset) AS place
    FROM failures f LEFT JOIN rules u ON u.rule = f.rule
    WHERE es_in_span(f.ts, NULL, $until)
      AND ($vendor IS NULL OR es_vendor(f.vendor) = $vendor) AND ($account IS NULL OR f.account = $account)
      -- No rule knows it: the category is unknown, or what came in code, type,
      -- message or body was passed over for what the status means.
      AND (f.category = 'unknown'
        OR coalesce(u.status_row, f.confidence IN ('status', 'generic', 'ambiguous'))
          AND coalesce(f.code, f.error_type, f.message, f.body) IS NOT NULL)
)
SELECT vendor, host, code, error_type, argMax(message, place) AS message,
    CASE WHEN skeleton = '' THEN NULL ELSE left(argMax(body, place), 4000) END AS body, status, category, count(*) AS failures,
    min(ts) AS first, max(ts) AS last, max(place)::VARCHAR AS newest, (count(*) OVER ())::BIGINT AS kinds
FROM strange
GROUP BY vendor, host, code, error_type, folded, skeleton, status, category
ORDER BY code = '' AND error_type = '', failures DESC, vendor, host, code, error_type, folded, skeleton, status, category
LIMIT $limit;
