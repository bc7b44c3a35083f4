-- question: (a step of fusion) Which lines around those may the time make one?
-- parameters: round, since, until
-- columns: none
-- order: none

-- Of a request that is often sent only what is near is looked at, some 17 minutes.
CREATE OR REPLACE TEMP TABLE fuse_near AS
SELECT DISTINCT f.request_key, es_slice(f.ts, 1024) + shift AS block
FROM (SELECT DISTINCT request_key, ts, source_id, ids FROM temp.fuse_front WHERE request_key IS NOT NULL AND ts IS NOT NULL) f
JOIN temp.fuse_apt a ON a.source_id = f.source_id AND a.ids = f.ids
CROSS JOIN (VALUES (-1), (0), (1)) AS shifts(shift);

CREATE OR REPLACE TEMP TABLE fuse_around AS
SELECT s.source_id, s.source_offset, o.origin, o.format, s.request_key, s.status_kind, s.slice, s.ids, s.source_offset >= o.from_offset AS fresh, s.ts
FROM (
    SELECT source_id, source_offset, ts, request_key, CASE WHEN status IN (0, 502, 503, 504) THEN 0 ELSE status END AS status_kind,
        es_slice(ts, 16) AS slice, es_slice(ts, 1024) AS block,
        ((request_hash IS NOT NULL)::INTEGER + 2 * (client_request_hash IS NOT NULL)::INTEGER + 4 * (trace_id IS NOT NULL)::INTEGER) AS ids
    FROM sides
    WHERE ts >= $since AND ts <= $until AND status IS NOT NULL
) s
JOIN temp.fuse_near n ON n.request_key = s.request_key AND n.block = s.block
JOIN temp.fuse_apt a ON a.source_id = s.source_id AND a.ids = s.ids
JOIN temp.fuse_sources o ON o.source_id = s.source_id;

-- Two lines within the window of time are at most two slices apart. Where both
-- carry an id of one kind time decides nothing.
CREATE OR REPLACE TEMP TABLE fuse_tellers AS
SELECT request_key, status_kind, slice + shift AS slice, origin, format, ids
FROM (SELECT DISTINCT request_key, status_kind, slice, origin, format, ids FROM temp.fuse_around)
CROSS JOIN (VALUES (-2), (-1), (0), (1), (2)) AS shifts(shift);

INSERT INTO temp.fuse_places
SELECT s.source_id, s.source_offset, CASE WHEN s.fresh THEN 0 ELSE $round + 1 END, s.ts
FROM temp.fuse_around s
WHERE EXISTS (
    SELECT 1 FROM temp.fuse_tellers n
    WHERE n.request_key = s.request_key AND n.status_kind = s.status_kind AND n.slice = s.slice AND n.format <> s.format AND n.origin <> s.origin AND n.ids & s.ids = 0
) AND NOT EXISTS (SELECT 1 FROM temp.fuse_places p WHERE p.source_id = s.source_id AND p.source_offset = s.source_offset);
