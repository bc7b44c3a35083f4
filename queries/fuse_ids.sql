-- question: (a step of fusion) Which kinds of ids do all lines of a source tell, of those that are fresh?
-- parameters: none
-- columns: source_id, ids (1 the vendor's, 2 ours, 4 a trace)
-- order: source_id
SELECT source_id, bit_and(ids) AS ids FROM temp.fuse_front GROUP BY source_id ORDER BY source_id;
