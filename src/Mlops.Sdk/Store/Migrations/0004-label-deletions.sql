-- A label that was deleted stays, for the history; it only counts no more.
CREATE TABLE label_deletion (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    label INTEGER NOT NULL UNIQUE REFERENCES label(id),
    author TEXT,
    created INTEGER NOT NULL) STRICT;
