-- question: (a step of loading) Note how far a known source is loaded now.
-- parameters: source_id, path, format, bytes, sha256, lines, records, rejected, ignored, duplicates, first_ts, last_ts, ingested_at, pack_versions, notes, complete, error, head, head_bytes, compared, pruned
-- columns: none
-- order: none
UPDATE sources SET path = $path, format = $format, bytes = $bytes, sha256 = $sha256, lines = $lines, records = $records,
    rejected = $rejected, ignored = $ignored, duplicates = $duplicates, first_ts = $first_ts, last_ts = $last_ts,
    ingested_at = $ingested_at, pack_versions = $pack_versions, notes = $notes, complete = $complete, error = $error,
    head = $head, head_bytes = $head_bytes, compared = $compared, pruned = $pruned
WHERE source_id = $source_id;
