-- What charts need of a Parquet file: for a field with numbers, its values in buckets of equal width. A file without is read, and gets them then.
CREATE TABLE segment_summary (
    segment INTEGER NOT NULL REFERENCES segment (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    width INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (segment, field)
) STRICT;
