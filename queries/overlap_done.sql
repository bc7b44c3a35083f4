-- question: (a step of comparing) Note that all sources were compared.
-- parameters: none
-- columns: none
-- order: none
UPDATE sources SET compared = bytes WHERE compared < bytes;
