-- question: How does each allowance stand in the periods that a span of time touches, and how long does it last?
-- parameters: since, until, vendor, account, limit
-- columns: those of quota_status (host only where no pack knows the vendor); account_number (counts the accounts of a vendor as they were seen first, 0 where none shows)
-- order: period_start desc, vendor, host, account, name
WITH seen AS (
    SELECT CASE WHEN vendor = '' THEN 'generic' ELSE vendor END AS vendor, host, account, min(coalesce(first_call, first_stated, hour)) AS first
    FROM quota_hours
    WHERE account <> ''
    GROUP BY vendor, host, account
), numbered AS (
    SELECT vendor, host, account, row_number() OVER (PARTITION BY vendor, host ORDER BY first, account) AS account_number
    FROM seen
)
SELECT q.vendor, q.host, q.account, q.name, q.period_start, q.period_end, q.quota_limit, q.used, q.remaining, q.burn_per_hour, q.exhausted_at,
    q.projected_exhaustion_at, q.basis, q.outlook, q.projected_exhaustion_from, q.projected_exhaustion_to, q.as_of, q.burn_per_hour_1h,
    q.burn_per_hour_7d, coalesce(q.counted, 0) AS counted, coalesce(q.unexplained, 0) AS unexplained, coalesce(q.refusals, 0) AS refusals, q.limit_from,
    coalesce(n.account_number, 0) AS account_number
FROM quota_status q
LEFT JOIN numbered n ON n.vendor = q.vendor AND n.host = coalesce(q.host, '') AND n.account = q.account
WHERE ($until IS NULL OR q.period_start < $until) AND ($since IS NULL OR q.period_end IS NULL OR q.period_end > $since)
  AND ($vendor IS NULL OR es_vendor(q.vendor) = $vendor) AND ($account IS NULL OR q.account = $account)
ORDER BY q.period_start DESC, q.vendor, coalesce(q.host, ''), coalesce(q.account, ''), coalesce(q.name, '')
LIMIT $limit;
