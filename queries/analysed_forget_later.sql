-- question: (a step of fusion) Have the other steps of the analysis take a source anew, since rows of it were fused or parted.
-- parameters: source_id
-- columns: none
-- order: none
UPDATE analysed SET bytes = -1 WHERE source_id = $source_id AND step <> 'fuse';
