-- question: How do the allowances stand, one row per account, quota and period, and how long do they last?
-- parameters: none
-- columns: vendor, host (where no pack knows the vendor), account, name, period_start, period_end (UTC), quota_limit, used, remaining (calls), burn_per_hour (over 24 h), exhausted_at, projected_exhaustion_at (UTC), basis, outlook, projected_exhaustion_from, projected_exhaustion_to (UTC), as_of, burn_per_hour_1h, burn_per_hour_7d, counted, unexplained, refusals (counts), limit_from (UTC)
-- order: period_start desc, vendor, host, account, name
SELECT vendor, host, account, name, period_start, period_end, quota_limit, used, remaining, burn_per_hour, exhausted_at,
    projected_exhaustion_at, basis, outlook, projected_exhaustion_from, projected_exhaustion_to, as_of, burn_per_hour_1h, burn_per_hour_7d,
    counted, unexplained, refusals, limit_from
FROM quota_status
ORDER BY period_start DESC, vendor, coalesce(host, ''), coalesce(account, ''), coalesce(name, '');
