-- question: (a step of analysis) Make room for what a step has seen.
-- parameters: none
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE analysed_now (
    source_id BIGINT,
    bytes     BIGINT -- NULL: the source is gone
);
