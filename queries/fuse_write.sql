-- question: (a step of fusion) Store the fused rows with their labels.
-- parameters: none
-- columns: none
-- order: none
INSERT INTO requests_full BY NAME
SELECT f.* EXCLUDE (row_number) FROM temp.fuse_rows f
WHERE NOT EXISTS (SELECT 1 FROM temp.relabelled r WHERE r.row_number = f.row_number)
UNION ALL BY NAME
SELECT f.* EXCLUDE (row_number, vendor, direction, body_status, category, code, error_type, message, retry, retry_at, fault, benign, contact_support, outage,
        confidence, rule, candidates, retry_after_s, retry_source, request_id, quota_name, quota_limit, quota_used, quota_remaining, quota_reset_at,
        quota_basis, quota_period, quota_cost),
    r.* EXCLUDE (row_number, endpoint_id, status, request_hash)
FROM temp.fuse_rows f JOIN temp.relabelled r ON r.row_number = f.row_number;
