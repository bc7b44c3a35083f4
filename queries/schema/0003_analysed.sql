-- Up to which byte each step of the analysis has seen each source. -1 says that
-- rows that it has seen went or changed since: it takes the source up anew.
CREATE TABLE analysed (
    step      VARCHAR,
    source_id BIGINT,
    bytes     BIGINT
);
