"""Reads records from a SQLite file with Python's sqlite3, into NumPy arrays where columns are wanted.

Usage: read_sqlite.py DATABASE RECORDS. Fills the table first (16 random numbers a record, a millisecond apart, an index on the
time), says "ready", and answers each line "last ROWS", "chart FROM TO WIDTH COLUMN" or "select FROM TO" (nanoseconds) with milliseconds.
"""

import sqlite3
import sys
import time

import numpy as np

START = 1767225600000000000
MILLISECOND = 1000000
NAMES = [f"value{i}" for i in range(16)]


def fill(db, records):
    db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"CREATE TABLE records (position INTEGER PRIMARY KEY, ts INTEGER, {', '.join(n + ' REAL' for n in NAMES)})")
    random = np.random.default_rng(7)
    insert = f"INSERT INTO records (ts, {', '.join(NAMES)}) VALUES ({', '.join('?' * 17)})"
    for first in range(0, records, 100000):
        count = min(100000, records - first)
        values = random.uniform(0, 100, (count, 16)).tolist()
        with db:
            db.executemany(insert, ((START + (first + i) * MILLISECOND, *values[i]) for i in range(count)))
    db.execute("CREATE INDEX records_ts ON records (ts)")
    db.commit()


def answer(db, words):
    if words[0] == "last":
        return len(db.execute("SELECT * FROM records ORDER BY position DESC LIMIT ?", (int(words[1]),)).fetchall())
    low, high = int(words[1]), int(words[2])
    if words[0] == "chart":
        column = NAMES[int(words[4])]
        return len(db.execute(
            f"SELECT ts / ?, count({column}), min({column}), max({column}), avg({column}) FROM records WHERE ts >= ? AND ts < ? GROUP BY 1",
            (int(words[3]), low, high)).fetchall())
    return np.array(db.execute(f"SELECT {', '.join(NAMES)} FROM records WHERE ts >= ? AND ts < ?", (low, high)).fetchall()).shape[0]


def main():
    db = sqlite3.connect(sys.argv[1])
    fill(db, int(sys.argv[2]))
    print("ready", flush=True)
    for line in sys.stdin:
        started = time.perf_counter()
        rows = answer(db, line.split())
        print(f"{(time.perf_counter() - started) * 1e3:.3f} {rows}", flush=True)


if __name__ == "__main__":
    main()
