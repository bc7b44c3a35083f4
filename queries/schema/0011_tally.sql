-- How often each endpoint was called, of the rows of requests_brief alone: by
-- minute, and by day and whole millisecond of its duration. Reports read whole
-- minutes and days here, and only the rest from the rows. A step of the analysis
-- keeps both (analysed says up to which byte of each source they count).
CREATE TABLE tally_minutes (
    source_id   BIGINT,
    endpoint_id INTEGER,
    minute      BIGINT,    -- since 1970; NULL where rows have no time
    calls       BIGINT,
    first       TIMESTAMP,
    last        TIMESTAMP
);

CREATE TABLE tally_durations (
    source_id   BIGINT,
    endpoint_id INTEGER,
    day         BIGINT,    -- since 1970; NULL where rows have no time
    whole_ms    BIGINT,    -- NULL where rows have no duration
    calls       BIGINT,
    split       BOOLEAN    -- some of the durations have parts of a millisecond
);

-- Up to which byte of a source its rows are counted, and whether that is all of it.
CREATE VIEW tallied AS
SELECT s.source_id, CASE WHEN a.bytes >= 0 AND a.bytes <= s.bytes THEN a.bytes ELSE 0 END AS to_offset, coalesce(a.bytes = s.bytes, false) AS whole
FROM sources s
LEFT JOIN (SELECT source_id, min(bytes) AS bytes FROM analysed WHERE step = 'tally' GROUP BY source_id) a ON a.source_id = s.source_id;

-- What was counted of rows that are as they were then.
CREATE VIEW calls_by_minute AS
SELECT m.source_id, m.endpoint_id, m.minute, m.calls, m.first, m.last
FROM tally_minutes m JOIN tallied t ON t.source_id = m.source_id
WHERE t.to_offset > 0;

CREATE VIEW calls_by_duration AS
SELECT d.source_id, d.endpoint_id, d.day, d.whole_ms, d.calls, d.split
FROM tally_durations d JOIN tallied t ON t.source_id = d.source_id
WHERE t.to_offset > 0;

-- The rows that are not counted yet; mostly there are none.
CREATE VIEW calls_untallied AS
SELECT b.ts, b.endpoint_id, b.duration_ms, b.source_id, b.source_offset
FROM requests_brief b JOIN tallied t ON t.source_id = b.source_id AND b.source_offset >= t.to_offset
WHERE NOT t.whole;
