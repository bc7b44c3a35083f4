-- question: (a step of loading) Note a source that was not known before.
-- parameters: source_id, path, format, bytes, sha256, lines, records, rejected, ignored, duplicates, first_ts, last_ts, ingested_at, pack_versions, notes, complete, error, head, head_bytes, compared, pruned
-- columns: none
-- order: none
INSERT INTO sources (source_id, path, format, bytes, sha256, lines, records, rejected, ignored, duplicates, first_ts, last_ts,
    ingested_at, pack_versions, notes, complete, error, head, head_bytes, compared, pruned)
VALUES ($source_id, $path, $format, $bytes, $sha256, $lines, $records, $rejected, $ignored, $duplicates, $first_ts, $last_ts,
    $ingested_at, $pack_versions, $notes, $complete, $error, $head, $head_bytes, $compared, $pruned);
