-- question: (a step of the quota ledger) From when to when do the hours lie that are counted now, and when was the newest call?
-- parameters: none
-- columns: first_hour, last_hour (NULL where there are none), as_of (UTC)
-- order: one row
SELECT (SELECT min(hour) FROM temp.quota_dirty) AS first_hour, (SELECT max(hour) FROM temp.quota_dirty) AS last_hour,
    (SELECT max(last_ts) FROM sources) AS as_of;
