-- question: (a step of fusion) Forget which lines were left apart.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM left_apart;
