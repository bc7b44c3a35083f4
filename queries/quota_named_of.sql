-- question: Which calls of one vendor did its own words join to which allowance?
-- parameters: q_vendor, q_host
-- columns: vendor ('' where no pack knows it), host (only there), route, name ('' where the answer named none, or a capacity), answers (count)
-- order: route, answers desc, name
SELECT es_pack(vendor) AS vendor, es_vendor_host(vendor, host) AS host, coalesce(route, '') AS route, CASE WHEN starts_with(coalesce(quota_basis, ''), 'capacity_') THEN '' ELSE coalesce(quota_name, '') END AS name,
    count(*) AS answers
FROM requests_full
WHERE ($q_vendor = '' OR vendor = $q_vendor) AND es_pack(vendor) = $q_vendor AND es_vendor_host(vendor, host) = $q_host AND direction = 'outbound'
  AND (quota_basis IN ('body', 'header', 'capacity_body', 'capacity_header') OR category = 'quota' AND retry IN ('next_period', 'after_reset'))
  AND NOT coalesce(category = 'quota' AND retry = 'fix_account' AND quota_basis = 'body', false)
GROUP BY es_pack(vendor), es_vendor_host(vendor, host), coalesce(route, ''), 4
ORDER BY route, answers DESC, name;
