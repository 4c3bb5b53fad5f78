-- Version 8: a paper that was taken back before anything of it left frees its number. A projection: it can be rebuilt from the events.
ALTER TABLE papers ADD COLUMN withdrawn INTEGER;
DROP INDEX papers_numbers;

-- One original of each paper, and each number of a copy once, of those that may have left.
CREATE UNIQUE INDEX papers_numbers ON papers (paper, copy) WHERE withdrawn IS NULL;
