-- question: From when to when are the stored exchanges?
-- parameters: none
-- columns: first_ts, last_ts: NULL where nothing has a time
-- order: one row
SELECT min(first_ts) AS first_ts, max(last_ts) AS last_ts
FROM (
    SELECT min(ts) AS first_ts, max(ts) AS last_ts FROM requests_brief
    UNION ALL
    SELECT min(ts), max(ts) FROM requests_full
);
