-- question: What was read of the sources that reach into a span of time, and when was the newest call of all?
-- parameters: since, until
-- columns: lines, rejected (counts; those of a source whole, of one without a call by when it was read), newest (UTC; a call dated more than a day after it was read does not count)
-- order: one row
SELECT
    coalesce(sum(lines) FILTER (WHERE touched), 0)::BIGINT AS lines,
    coalesce(sum(rejected) FILTER (WHERE touched), 0)::BIGINT AS rejected,
    max(CASE WHEN last_ts <= ingested_at + INTERVAL 1 DAY THEN last_ts END) AS newest
FROM (
    SELECT lines, rejected, last_ts, ingested_at,
        ($until IS NULL OR coalesce(first_ts, ingested_at) < $until) AND ($since IS NULL OR coalesce(last_ts, ingested_at) >= $since) AS touched
    FROM sources
);
