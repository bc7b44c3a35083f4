-- question: What was loaded, and how far?
-- parameters: none
-- columns: the row of sources, whole
-- order: source_id
SELECT source_id, path, format, bytes, sha256, lines, records, rejected, ignored, duplicates, first_ts, last_ts, ingested_at,
    pack_versions, notes, complete, error, head, head_bytes, compared,
    pruned
FROM sources
ORDER BY source_id;
