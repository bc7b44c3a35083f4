-- question: (a step of finding outages) From which minute on are the rows of pruned sources whole? What lies before cannot be told again and stays.
-- parameters: none
-- columns: source_id, from_minute (since 1970)
-- order: source_id
SELECT s.source_id, r.from_minute
FROM sources s, (SELECT epoch_us(date_trunc('hour', max(cutoff)) + INTERVAL 1 HOUR) // 60000000 AS from_minute FROM retention) r
WHERE s.pruned > 0 AND r.from_minute IS NOT NULL
ORDER BY s.source_id;
