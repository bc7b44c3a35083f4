-- question: (a step of fusion) Which kinds of ids do all lines of a source tell?
-- parameters: none
-- columns: source_id, ids (1 the vendor's, 2 ours, 4 a trace)
-- order: source_id
SELECT source_id, (count(*) = count(request_hash))::BIGINT + 2 * (count(*) = count(client_request_hash))::BIGINT + 4 * (count(*) = count(trace_id))::BIGINT AS ids
FROM sides
GROUP BY source_id
ORDER BY source_id;
