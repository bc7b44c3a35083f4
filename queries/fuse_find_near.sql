-- question: (a step of fusion) Which lines share the time and the request with a line of another origin?
-- parameters: large_origin
-- columns: none
-- order: none

-- Two lines within the window of time are at most two slices apart. Where both
-- carry an id of one kind time decides nothing.
CREATE OR REPLACE TEMP TABLE fuse_near AS
SELECT DISTINCT request_key, status_kind, slice + shift AS slice, format, ids
FROM (SELECT DISTINCT request_key, status_kind, slice, format, ids FROM temp.fuse_small WHERE request_key IS NOT NULL AND status_kind IS NOT NULL AND slice IS NOT NULL)
CROSS JOIN (VALUES (-2), (-1), (0), (1), (2)) AS shifts(shift);

-- Ids that every line of the others carries rule out all lines of the large log
-- that carry one of them, before anything of these is read; a join of equal keys
-- does the rest, since one with other conditions takes ten times as long.
CREATE OR REPLACE TEMP TABLE fuse_large_near AS
SELECT DISTINCT s.source_id, s.source_offset, s.request_key, s.status_kind, s.slice, s.ids, o.format
FROM (
    SELECT source_id, source_offset, request_key, CASE WHEN status IN (0, 502, 503, 504) THEN 0 ELSE status END AS status_kind, es_slice(ts, 16) AS slice,
        ((request_hash IS NOT NULL)::INTEGER + 2 * (client_request_hash IS NOT NULL)::INTEGER + 4 * (trace_id IS NOT NULL)::INTEGER) AS ids
    FROM sides
) s
JOIN temp.fuse_near n ON n.request_key = s.request_key AND n.status_kind = s.status_kind AND n.slice = s.slice
JOIN temp.fuse_sources o ON o.source_id = s.source_id
WHERE o.origin = $large_origin AND n.format <> o.format AND n.ids & s.ids = 0
  AND s.ids & (SELECT coalesce(bit_and(ids), 0) FROM temp.fuse_near WHERE format IN (SELECT t.format FROM temp.fuse_sources t JOIN temp.fuse_sources l ON l.origin = $large_origin AND l.format <> t.format)) = 0;

INSERT INTO temp.fuse_near
SELECT DISTINCT request_key, status_kind, slice + shift, format, ids
FROM (SELECT DISTINCT request_key, status_kind, slice, format, ids FROM temp.fuse_large_near)
CROSS JOIN (VALUES (-2), (-1), (0), (1), (2)) AS shifts(shift);

INSERT INTO temp.fuse_places
SELECT l.source_id, l.source_offset, 0, NULL
FROM (
    SELECT source_id, source_offset FROM temp.fuse_large_near
    UNION
    SELECT s.source_id, s.source_offset
    FROM temp.fuse_small s
    WHERE EXISTS (
        SELECT 1 FROM temp.fuse_near n
        WHERE n.request_key = s.request_key AND n.status_kind = s.status_kind AND n.slice = s.slice AND n.format <> s.format AND n.ids & s.ids = 0
    )
) l
WHERE NOT EXISTS (SELECT 1 FROM temp.fuse_places p WHERE p.source_id = l.source_id AND p.source_offset = l.source_offset);
