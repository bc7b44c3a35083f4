-- question: (a step of finding outages) Make room for what is worked out on the way.
-- parameters: none
-- columns: none
-- order: none
-- Stretches of sources to add up, and sources whose traffic goes, from a minute on.
CREATE OR REPLACE TEMP TABLE traffic_pending (
    source_id   BIGINT,
    from_offset BIGINT,
    to_offset   BIGINT,
    from_minute BIGINT
);
CREATE OR REPLACE TEMP TABLE traffic_again (
    source_id   BIGINT,
    from_minute BIGINT
);
-- What spans changed; first and last are minutes, both included.
CREATE OR REPLACE TEMP TABLE traffic_changed (
    first BIGINT,
    last  BIGINT
);
