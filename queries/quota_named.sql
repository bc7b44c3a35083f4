-- question: (a step of the quota ledger) Which calls did the vendors' own words join to which allowance?
-- parameters: none
-- columns: vendor ('' where no pack knows it), host (only there), route, name ('' where the answer named none, or a capacity), answers (count)
-- order: vendor, host, route, answers desc, name
SELECT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(route, '') AS route, CASE WHEN starts_with(coalesce(quota_basis, ''), 'capacity_') THEN '' ELSE coalesce(quota_name, '') END AS name,
    count(*) AS answers
FROM requests_full
WHERE direction = 'outbound'
  AND (quota_basis IN ('body', 'header', 'capacity_body', 'capacity_header') OR category = 'quota' AND retry IN ('next_period', 'after_reset'))
  AND NOT coalesce(category = 'quota' AND retry = 'fix_account' AND quota_basis = 'body', false)
GROUP BY es_pack(vendor), es_vendor_host(vendor, host), coalesce(route, ''), 4
ORDER BY vendor, host, route, answers DESC, name;
