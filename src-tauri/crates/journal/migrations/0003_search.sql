-- Version 3: search that stays instant with a million payments, and notes by staff (events of the kind `note_added`, which an
-- older program must not read over). README.md explains the tables. What is new is filled by a rebuild at the same opening.

DROP TABLE attempts_search;

-- Every beginning by which an attempt is found is a term of its own, handed out newest first. It has no copy of the terms: they
-- are made from the row and the names whenever they are needed.
CREATE VIRTUAL TABLE attempts_terms USING fts5 (
    terms, content = '', columnsize = 0, detail = 'none', tokenize = 'ascii'
);

-- The beginnings of the words of names, each with the number that stands for it in `attempts_terms`. They go when the last name
-- with such a word goes, and the number then says nothing.
CREATE TABLE name_terms (
    term_id INTEGER NOT NULL PRIMARY KEY,
    term    TEXT    NOT NULL UNIQUE
) STRICT;

-- What an opening has still to do before anything else: a later version needs a rebuild, and a crash must not make it forgotten.
CREATE TABLE to_do (
    what TEXT NOT NULL PRIMARY KEY CHECK (what IN ('rebuild'))
) STRICT, WITHOUT ROWID;

INSERT INTO to_do (what) VALUES ('rebuild');
