-- question: How was one allowance used up in one period, hour by hour?
-- parameters: q_vendor, q_host, q_account, q_name, period_start, limit
-- columns: hour (UTC), used (at its end), quota_limit (as known then), refusals (count, in the hour), first_refusal (UTC)
-- order: hour
SELECT h.hour, h.used, h.quota_limit, coalesce(c.refusals, 0) AS refusals, c.first_refusal
FROM quota_history h
LEFT JOIN quota_hours c ON c.hour = h.hour AND c.vendor = CASE WHEN h.vendor = 'generic' THEN '' ELSE h.vendor END
    AND c.host = coalesce(h.host, '') AND c.account = coalesce(h.account, '') AND c.name = coalesce(h.name, '')
WHERE h.vendor = $q_vendor AND coalesce(h.host, '') = $q_host AND coalesce(h.account, '') = $q_account AND coalesce(h.name, '') = $q_name
  AND h.period_start = $period_start
ORDER BY h.hour
LIMIT $limit;
