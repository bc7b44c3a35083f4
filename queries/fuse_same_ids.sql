-- question: (a step of fusion) Which lines share an id with those, where lines of two origins do?
-- parameters: round, since, until, large_origin
-- columns: none
-- order: none

-- A log may call an id the vendor's that is ours, so both are looked up as one kind.
CREATE TEMP TABLE IF NOT EXISTS fuse_asked (kind INTEGER, value UBIGINT);

CREATE OR REPLACE TEMP TABLE fuse_front_ids AS
SELECT source_id, source_offset, ts, origin, 1 AS kind, request_hash AS value FROM temp.fuse_front WHERE request_hash IS NOT NULL
UNION ALL
SELECT source_id, source_offset, ts, origin, 1, client_request_hash FROM temp.fuse_front WHERE client_request_hash IS NOT NULL
UNION ALL
SELECT source_id, source_offset, ts, origin, 3, trace_hash FROM temp.fuse_front WHERE trace_hash IS NOT NULL;

CREATE OR REPLACE TEMP TABLE fuse_values AS
SELECT v.kind, v.value, min(v.origin) AS origin, max(v.origin) AS last_origin
FROM temp.fuse_front_ids v
WHERE NOT EXISTS (SELECT 1 FROM temp.fuse_asked a WHERE a.kind = v.kind AND a.value = v.value)
GROUP BY v.kind, v.value;

INSERT INTO temp.fuse_asked SELECT kind, value FROM temp.fuse_values;

-- First in the smaller logs, and of the largest only what these or the lines
-- themselves have: the fewer values are looked for there, the quicker.
CREATE OR REPLACE TEMP TABLE fuse_found AS
SELECT s.source_id, s.source_offset, s.ts, o.origin, v.kind, v.value
FROM (
    SELECT source_id, source_offset, ts, request_hash AS value FROM sides WHERE request_hash IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, request_hash FROM sides WHERE request_hash IS NOT NULL AND ts IS NULL
    UNION ALL
    SELECT source_id, source_offset, ts, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL AND ts IS NULL
) s
JOIN (FROM temp.fuse_values WHERE kind = 1) v ON v.value = s.value
JOIN (FROM temp.fuse_sources WHERE origin <> $large_origin) o ON o.source_id = s.source_id
UNION ALL
SELECT s.source_id, s.source_offset, s.ts, o.origin, v.kind, v.value
FROM (
    SELECT source_id, source_offset, ts, hash(trace_id) AS value FROM sides WHERE trace_id IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, hash(trace_id) FROM sides WHERE trace_id IS NOT NULL AND ts IS NULL
) s
JOIN (FROM temp.fuse_values WHERE kind = 3) v ON v.value = s.value
JOIN (FROM temp.fuse_sources WHERE origin <> $large_origin) o ON o.source_id = s.source_id;

CREATE OR REPLACE TEMP TABLE fuse_wanted AS
SELECT kind, value FROM temp.fuse_found
UNION
SELECT kind, value FROM temp.fuse_values WHERE origin <> $large_origin OR last_origin <> $large_origin;

INSERT INTO temp.fuse_found
SELECT s.source_id, s.source_offset, s.ts, o.origin, v.kind, v.value
FROM (
    SELECT source_id, source_offset, ts, request_hash AS value FROM sides WHERE request_hash IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, request_hash FROM sides WHERE request_hash IS NOT NULL AND ts IS NULL
    UNION ALL
    SELECT source_id, source_offset, ts, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, client_request_hash FROM sides WHERE client_request_hash IS NOT NULL AND ts IS NULL
) s
JOIN (FROM temp.fuse_wanted WHERE kind = 1) v ON v.value = s.value
JOIN (FROM temp.fuse_sources WHERE origin = $large_origin) o ON o.source_id = s.source_id
UNION ALL
SELECT s.source_id, s.source_offset, s.ts, o.origin, v.kind, v.value
FROM (
    SELECT source_id, source_offset, ts, hash(trace_id) AS value FROM sides WHERE trace_id IS NOT NULL AND ts >= $since AND ts <= $until
    UNION ALL
    SELECT source_id, source_offset, ts, hash(trace_id) FROM sides WHERE trace_id IS NOT NULL AND ts IS NULL
) s
JOIN (FROM temp.fuse_wanted WHERE kind = 3) v ON v.value = s.value
JOIN (FROM temp.fuse_sources WHERE origin = $large_origin) o ON o.source_id = s.source_id;

INSERT INTO temp.fuse_places
SELECT DISTINCT s.source_id, s.source_offset, CASE WHEN s.source_offset >= o.from_offset THEN 0 ELSE $round + 1 END, s.ts
FROM (SELECT source_id, source_offset, ts, kind, value FROM temp.fuse_found UNION ALL SELECT source_id, source_offset, ts, kind, value FROM temp.fuse_front_ids) s
JOIN (
    SELECT kind, value
    FROM (SELECT kind, value, origin, last_origin FROM temp.fuse_values UNION ALL SELECT kind, value, origin, origin FROM temp.fuse_found)
    GROUP BY kind, value
    HAVING min(origin) <> max(last_origin)
) v ON v.kind = s.kind AND v.value = s.value
JOIN temp.fuse_sources o ON o.source_id = s.source_id
WHERE NOT EXISTS (SELECT 1 FROM temp.fuse_places p WHERE p.source_id = s.source_id AND p.source_offset = s.source_offset);
