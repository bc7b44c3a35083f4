-- question: (a step of fusion) How many lines of how many sources are there to look at, and what was noted of these sources?
-- parameters: none
-- columns: source_id, path, format, head (in hex, tells streams apart), records, bytes, lead_source_id (the first one of its log), ids (the kinds that all its lines tell); seen: the last two are there
-- order: source_id
SELECT s.source_id, s.path, s.format, s.head, s.records, s.bytes, f.lead_source_id, f.ids, f.source_id IS NOT NULL AS seen
FROM sources s LEFT JOIN fuse_seen f ON f.source_id = s.source_id
ORDER BY s.source_id;
