-- question: (a step of labelling anew) How much text do the rows of requests_full hold, block by block?
-- parameters: block_rows
-- columns: block (number of the block), bytes (of text)
-- order: block
SELECT rowid // $block_rows AS block, sum(coalesce(strlen(body), 0) + coalesce(strlen(headers), 0))::BIGINT AS bytes
FROM requests_full
GROUP BY block
ORDER BY block;
