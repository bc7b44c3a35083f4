-- question: Which baselines are stored?
-- parameters: none
-- columns: name, saved_at, since, until (UTC; NULL is open), codes, failures, requests (counts)
-- order: name
SELECT name, max(saved_at) AS saved_at, max(since_ts) AS since, max(until_ts) AS until, count(category) AS codes,
    coalesce(sum(failures), 0)::BIGINT AS failures, coalesce(sum(requests), 0)::BIGINT AS requests
FROM baselines GROUP BY name ORDER BY name;
