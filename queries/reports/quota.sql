-- question: How does each account stand with each quota, and when does it run out?
-- parameters: since, until, vendor, account
-- columns: vendor, host (where no pack knows the vendor), account, name, period_start, period_end (UTC), quota_limit, used, remaining (counts), burn_per_hour (calls an hour), exhausted_at, projected_exhaustion_at, projected_exhaustion_from, projected_exhaustion_to (UTC; the interval of the projection), as_of (UTC, the newest call counted), basis
-- order: vendor, host, account, name, period_start desc
SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, account, name, period_start, period_end, quota_limit, used, remaining,
    burn_per_hour, exhausted_at, projected_exhaustion_at,
    projected_exhaustion_from, projected_exhaustion_to, as_of, basis
FROM quota_status
WHERE ($until IS NULL OR period_start < $until) AND ($since IS NULL OR period_end IS NULL OR period_end > $since)
  AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
ORDER BY vendor, host, account NULLS FIRST, name NULLS FIRST, period_start DESC, period_end;
