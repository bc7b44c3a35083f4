-- question: (a step of fusion) Which lines share an id with those, where lines of two origins do?
-- parameters: round, since, until, large_origin
-- columns: none
-- order: none

-- First in the smaller logs, and of the largest only what these have: the fewer
-- values are looked for there, the quicker. A log may call an id the vendor's that
-- is ours, so both are looked up as one kind.
CREATE OR REPLACE TEMP TABLE fuse_found AS
SELECT s.source_id, s.source_offset, s.ts, o.origin, 1 AS kind, s.value
FROM (
    SELECT source_id, source_offset, ts, request_hash AS value FROM sides WHERE request_hash IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, request_hash FROM sides WHERE request_hash IS NOT NULL AND ts IS NULL
    UNION ALL
    SELECT source_id, source_offset, ts, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL AND ts IS NULL
) s
JOIN (FROM temp.fuse_sources WHERE origin <> $large_origin) o ON o.source_id = s.source_id
WHERE s.value IN (SELECT request_hash FROM temp.fuse_front WHERE request_hash IS NOT NULL UNION ALL SELECT client_request_hash FROM temp.fuse_front WHERE client_request_hash IS NOT NULL)
UNION ALL
SELECT s.source_id, s.source_offset, s.ts, o.origin, 3, s.value
FROM (
    SELECT source_id, source_offset, ts, hash(trace_id) AS value FROM sides WHERE trace_id IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, hash(trace_id) FROM sides WHERE trace_id IS NOT NULL AND ts IS NULL
) s
JOIN (FROM temp.fuse_sources WHERE origin <> $large_origin) o ON o.source_id = s.source_id
WHERE s.value IN (SELECT trace_hash FROM temp.fuse_front WHERE trace_hash IS NOT NULL);

-- The lines themselves were found, too, so their ids are among these.
CREATE OR REPLACE TEMP TABLE fuse_wanted AS
SELECT DISTINCT kind, value FROM temp.fuse_found;

INSERT INTO temp.fuse_found
SELECT s.source_id, s.source_offset, s.ts, o.origin, 1 AS kind, s.value
FROM (
    SELECT source_id, source_offset, ts, request_hash AS value FROM sides WHERE request_hash IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, request_hash FROM sides WHERE request_hash IS NOT NULL AND ts IS NULL
    UNION ALL
    SELECT source_id, source_offset, ts, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL AND ts IS NULL
) s
JOIN (FROM temp.fuse_sources WHERE origin = $large_origin) o ON o.source_id = s.source_id
WHERE s.value IN (SELECT value FROM temp.fuse_wanted WHERE kind = 1)
UNION ALL
SELECT s.source_id, s.source_offset, s.ts, o.origin, 3, s.value
FROM (
    SELECT source_id, source_offset, ts, hash(trace_id) AS value FROM sides WHERE trace_id IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, hash(trace_id) FROM sides WHERE trace_id IS NOT NULL AND ts IS NULL
) s
JOIN (FROM temp.fuse_sources WHERE origin = $large_origin) o ON o.source_id = s.source_id
WHERE s.value IN (SELECT value FROM temp.fuse_wanted WHERE kind = 3);

INSERT INTO temp.fuse_places
SELECT DISTINCT s.source_id, s.source_offset, CASE WHEN s.source_offset >= o.from_offset THEN 0 ELSE $round + 1 END, s.ts
FROM temp.fuse_found s
JOIN (SELECT kind, value FROM temp.fuse_found GROUP BY kind, value HAVING min(origin) <> max(origin)) v ON v.kind = s.kind AND v.value = s.value
JOIN temp.fuse_sources o ON o.source_id = s.source_id
WHERE NOT EXISTS (SELECT 1 FROM temp.fuse_places p WHERE p.source_id = s.source_id AND p.source_offset = s.source_offset);
