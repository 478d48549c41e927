-- What apps of the databus have announced, the newest few versions of each: by them values are read that waited elsewhere meanwhile.
CREATE TABLE databus_metadata (
    number INTEGER PRIMARY KEY,
    app TEXT NOT NULL,
    hash INTEGER NOT NULL,
    payload BLOB NOT NULL,
    UNIQUE (app, hash)) STRICT;
