-- Version 8: a paper that was taken back before anything of it left frees its number (a projection: it can be rebuilt from the events),
-- and the terms of the search index can be read, so that it can be verified.
ALTER TABLE papers ADD COLUMN withdrawn INTEGER;
DROP INDEX papers_numbers;

-- One original of each paper, and each number of a copy once, of those that may have left.
CREATE UNIQUE INDEX papers_numbers ON papers (paper, copy) WHERE withdrawn IS NULL;

CREATE VIRTUAL TABLE attempts_terms_read USING fts5vocab (attempts_terms, instance);
