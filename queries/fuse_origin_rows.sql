-- question: (a step of fusion) How many lines of how many sources are there to look at?
-- parameters: none
-- columns: source_id, path, format, head (in hex, tells streams apart), records
-- order: source_id
SELECT source_id, path, format, head, records FROM sources WHERE records > 0 ORDER BY source_id;
