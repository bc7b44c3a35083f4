-- question: Who can remove the failures, and how may they be retried?
-- parameters: since, until, vendor, account
-- columns: fault, category, retry, failures (count)
-- order: failures desc, fault, category, retry
SELECT fault, category, retry, count(*) AS failures
FROM failures
WHERE es_in_span(ts, $since, $until)
  AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
GROUP BY fault, category, retry
ORDER BY count(*) DESC, fault, category, retry;
