-- question: (a step of fusion) From when to when are those lines, and of how many can the time decide?
-- parameters: none
-- columns: first_ts, last_ts, lines, timeless (lines without a time), apt (lines that the time may join)
-- order: one row
SELECT min(f.ts) AS first_ts, max(f.ts) AS last_ts, count(*) AS lines, count(*) - count(f.ts) AS timeless,
    count(*) FILTER (f.ts IS NOT NULL AND f.request_key IS NOT NULL AND a.ids IS NOT NULL) AS apt
FROM temp.fuse_front f
LEFT JOIN temp.fuse_apt a ON a.source_id = f.source_id AND a.ids = f.ids;
