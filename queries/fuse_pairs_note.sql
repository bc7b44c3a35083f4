-- question: (a step of fusion) Note what was counted of two logs each.
-- parameters: none
-- columns: none
-- order: none
INSERT INTO fuse_pairs
SELECT a.lead_source_id, b.lead_source_id, h.host, p.joined, p.near, p.chosen, p.believed
FROM temp.fuse_new_pairs p
JOIN (SELECT DISTINCT origin, lead_source_id FROM temp.fuse_sources) a ON a.origin = p.a
JOIN (SELECT DISTINCT origin, lead_source_id FROM temp.fuse_sources) b ON b.origin = p.b
JOIN (SELECT DISTINCT host, hash(host) AS host_hash FROM (SELECT host FROM fuse_calls UNION ALL SELECT host FROM endpoints UNION ALL SELECT host FROM fused_full)) h
    ON h.host_hash = p.host_hash;
DROP TABLE temp.fuse_new_pairs;
