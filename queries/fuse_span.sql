-- question: (a step of fusion) From when to when are the lines that were found from a round on?
-- parameters: round
-- columns: first_ts, last_ts
-- order: one row
SELECT min(ts) AS first_ts, max(ts) AS last_ts FROM temp.fuse_places WHERE round >= $round;
