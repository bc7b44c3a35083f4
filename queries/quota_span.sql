-- question: (a step of the quota ledger) From when to when do the hours lie that are counted now, and when was the newest call?
-- parameters: none
-- columns: first_hour, last_hour (NULL where there are none), as_of (UTC; a call dated more than a day after it was read does not count, unless all are)
-- order: one row
SELECT (SELECT min(hour) FROM temp.quota_dirty) AS first_hour, (SELECT max(hour) FROM temp.quota_dirty) AS last_hour,
    coalesce(
        greatest(
            (SELECT max(last_ts) FROM sources WHERE last_ts <= ingested_at + INTERVAL 1 DAY),
            (SELECT max(r.ts)
             FROM (SELECT ts, source_id FROM requests_brief UNION ALL SELECT ts, source_id FROM requests_full) r
             JOIN sources s ON s.source_id = r.source_id AND s.last_ts > s.ingested_at + INTERVAL 1 DAY
             WHERE r.ts <= s.ingested_at + INTERVAL 1 DAY)),
        (SELECT max(last_ts) FROM sources)) AS as_of;
