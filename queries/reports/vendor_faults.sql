-- question: Who can remove each vendor's failures?
-- parameters: since, until, vendor, account
-- columns: vendor, host (where no pack knows the vendor), fault, category, failures (count)
-- order: vendor, host, failures desc, fault, category
SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, fault, category, count(*) AS failures
FROM failures
WHERE es_in_span(ts, $since, $until)
  AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
GROUP BY es_vendor(vendor), es_vendor_host(vendor, host), fault, category
ORDER BY es_vendor(vendor), es_vendor_host(vendor, host), failures DESC, fault, category;
