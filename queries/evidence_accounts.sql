-- question: With which accounts did we make the calls that were selected?
-- parameters: since, until, vendor, codes, categories, request_ids, picking, windows, groups, exchanges, support_only
-- columns: vendor, host (where no pack knows the vendor), account, failures (count), first, last (UTC)
-- order: vendor, host, first, the content and offset of the first
-- includes: evidence_selected
WITH selected AS (
    included
), told AS (
    SELECT es_vendor(f.vendor) AS vendor, es_vendor_host(f.vendor, f.host) AS host, f.account, f.ts, s.sha256, f.source_offset
    FROM selected f
    LEFT JOIN sources s ON s.source_id = f.source_id
    WHERE f.account IS NOT NULL
)
-- The first row decides the order, never the fingerprint: that differs from one
-- machine to the next.
SELECT vendor, host, account, count(*) AS failures, min(ts) AS first, max(ts) AS last
FROM told
GROUP BY vendor, host, account
ORDER BY vendor, host, first, min({'ts': ts, 'sha256': sha256, 'source_offset': source_offset});
