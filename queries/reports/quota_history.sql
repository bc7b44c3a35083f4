-- question: How was each quota of which a period runs used up until now?
-- parameters: since, until, vendor, account
-- columns: vendor, host (where no pack knows the vendor), account, name, period_start, hour (UTC; the last with calls of its 96th of the period), used (count, at the end of that hour)
-- order: vendor, host, account, name, period_start, hour
WITH running AS (
    SELECT vendor, coalesce(host, '') AS host, coalesce(account, '') AS account, coalesce(name, '') AS name, period_start, period_end
    FROM quota_status
    WHERE quota_limit > 0 AND outlook <> 'past' AND ($until IS NULL OR period_start < $until) AND ($since IS NULL OR period_end > $since)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), points AS (
    SELECT r.vendor, r.host, r.account, r.name, r.period_start, h.hour, h.used, es_slot(h.hour, r.period_start, r.period_end, 96) AS slot
    FROM running r
    JOIN quota_history h ON h.vendor = r.vendor AND coalesce(h.host, '') = r.host AND coalesce(h.account, '') = r.account
        AND coalesce(h.name, '') = r.name AND h.period_start = r.period_start
)
SELECT es_vendor(vendor) AS vendor, es_vendor_host(vendor, host) AS host, account, name, period_start, max(hour) AS hour, argMax(used, hour) AS used
FROM points
GROUP BY vendor, host, account, name, period_start, slot
ORDER BY vendor, host, account, name, period_start, hour;
