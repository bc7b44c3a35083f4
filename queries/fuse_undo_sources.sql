-- question: (a step of fusion) Which sources have lines in the rows that are to be parted?
-- parameters: none
-- columns: source_id
-- order: source_id
SELECT DISTINCT f.source_id
FROM fused f JOIN temp.fuse_undo u ON u.into_source_id = f.into_source_id AND u.into_offset = f.into_offset
ORDER BY f.source_id;
