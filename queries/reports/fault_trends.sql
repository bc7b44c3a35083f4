-- question: How did the failures go over time, by who can remove them?
-- parameters: since, until, vendor, account, trend_slots
-- columns: fault, category, retry, failures (count), trend (slot:failures pairs with a comma between; trend_slots equal spans of the scope, or from the first failure to the last where it is open)
-- order: failures desc, fault, category, retry
WITH failed AS (
    SELECT ts, fault, category, retry FROM failures
    WHERE es_in_span(ts, $since, $until)
      AND ($vendor IS NULL OR es_vendor(vendor) = $vendor) AND ($account IS NULL OR account = $account)
), span AS (
    SELECT coalesce($since, min(ts)) AS first_ts, coalesce($until, max(ts)) AS last_ts FROM failed
), parts AS (
    SELECT fault, category, retry, es_slot(ts, (SELECT first_ts FROM span), (SELECT last_ts FROM span), $trend_slots) AS slot, count(*) AS n
    FROM failed
    GROUP BY fault, category, retry, slot
)
SELECT fault, category, retry, sum(n)::BIGINT AS failures, string_agg(slot || ':' || n, ',') FILTER (WHERE slot IS NOT NULL) AS trend
FROM parts
GROUP BY fault, category, retry
ORDER BY failures DESC, fault, category, retry;
