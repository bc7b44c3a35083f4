-- question: Which packs have labelled the rows, and where is their vendor's support?
-- parameters: none
-- columns: vendor, pack_version (empty where the rows name none), support_url
-- order: vendor
SELECT p.vendor, coalesce(p.pack_version, '') AS pack_version, v.support_url
FROM (SELECT pack AS vendor, max(pack_version) AS pack_version FROM rules GROUP BY pack) p
LEFT JOIN vendors v ON v.vendor = p.vendor
ORDER BY p.vendor;
