-- question: (a step of tallying) Make room for the stretches of sources that are to be counted.
-- parameters: none
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE tally_pending (
    source_id   BIGINT,
    from_offset BIGINT,
    to_offset   BIGINT
);
