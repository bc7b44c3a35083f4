-- question: (a step of fusion) Part fused rows: each of their lines gets its own row back.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM requests_full f USING temp.fuse_undo u
WHERE f.fused_by IS NOT NULL AND f.source_id = u.into_source_id AND f.source_offset = u.into_offset;

-- After a crash rows may stand in both places; see recover.
INSERT INTO requests_brief BY NAME
SELECT f.* EXCLUDE (into_source_id, into_offset, fused_key)
FROM fused_brief f JOIN temp.fuse_undo u ON u.into_source_id = f.into_source_id AND u.into_offset = f.into_offset
WHERE NOT EXISTS (SELECT 1 FROM requests_brief r WHERE r.source_id = f.source_id AND r.source_offset = f.source_offset);

INSERT INTO requests_full BY NAME
SELECT f.* EXCLUDE (into_source_id, into_offset, fused_key)
FROM fused_full f JOIN temp.fuse_undo u ON u.into_source_id = f.into_source_id AND u.into_offset = f.into_offset
WHERE NOT EXISTS (SELECT 1 FROM requests_full r WHERE r.source_id = f.source_id AND r.source_offset = f.source_offset);

DELETE FROM fused_brief f USING temp.fuse_undo u WHERE u.into_source_id = f.into_source_id AND u.into_offset = f.into_offset;

DELETE FROM fused_full f USING temp.fuse_undo u WHERE u.into_source_id = f.into_source_id AND u.into_offset = f.into_offset;
