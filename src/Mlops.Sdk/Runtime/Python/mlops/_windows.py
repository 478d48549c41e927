"""Cuts rows into windows by the node's rules (Workflows/Windows in the SDK)."""
from bisect import bisect_right
from typing import NamedTuple

_NONE = float("nan")


class Cut(NamedTuple):
    """A window. last: the row that is answered; rows: those that are in it; times and values: of each of its rows."""

    last: int
    rows: list
    times: list
    values: list


def cut(window, fill, times, columns, defaults=None):
    """Cuts rows that came in this order. times: nanoseconds; columns: a list of floats (NaN or None is missing) for each input."""
    columns = [[_NONE if value is None else float(value) for value in column] for column in columns]
    cutter = _Timed(window, fill != "null", columns) if window.size is not None else _Counted(window, fill != "null", columns)
    found = []
    for row, time in enumerate(times):
        found += cutter.add(row, time)
    return [filled for filled in (_fill(one, fill, defaults) for one in found) if filled is not None]


def truth(rule, one, labels):
    """Returns the truth of a window, or None when it has none and is not trained on."""
    if rule == "last":
        return labels[one.last]
    if rule == "whole":
        return labels[one.last] if len({labels[row] for row in one.rows}) == 1 else None
    counts = {}
    for row in reversed(one.rows):
        if labels[row] is not None:
            counts[labels[row]] = counts.get(labels[row], 0) + 1
    return max(counts, key=counts.get) if counts else None


def _fill(one, fill, defaults):
    if fill in ("last", "null") or not any(value != value for row in one.values for value in row):
        return one
    if fill == "skip":
        return None
    return one._replace(values=[[default if value != value else value for value, default in zip(row, defaults)] for row in one.values])


class _Timed:
    def __init__(self, window, carries, columns):
        self._window, self._carries, self._columns = window, carries, columns
        self._gap = window.size if window.gap is None else window.gap
        self._reach = window.size + self._gap + window.late + window.hop
        self._times, self._rows, self._newest = [], [], None

    def add(self, row, time):
        found = []
        if self._newest is not None and time < self._newest - self._reach:
            self._times, self._rows, self._newest = [], [], None
        if self._newest is not None and time > self._newest:
            found = list(self._until(time - self._window.late))
        self._newest = time if self._newest is None else max(self._newest, time)
        at = bisect_right(self._times, time)
        self._times.insert(at, time)
        self._rows.insert(at, row)
        old = bisect_right(self._times, self._next_end(self._newest - self._window.late) - self._window.size - self._gap - 1)
        if old >= 64:
            del self._times[:old], self._rows[:old]
        return found

    def _next_end(self, time):
        return (time // self._window.hop + 1) * self._window.hop

    def _until(self, time):
        end = self._next_end(self._newest - self._window.late)
        while end <= time:
            last = bisect_right(self._times, end - 1) - 1
            if last >= 0 and self._times[last] >= end - self._window.hop:
                one = self._cut(end, last)
                if one is not None:
                    yield one
                end += self._window.hop
            elif last + 1 < len(self._times):
                end = self._next_end(self._times[last + 1])
            else:
                return

    def _cut(self, end, last):
        window = self._window
        instants = [end - window.size + window.size * (row + 1) // window.rows - 1 for row in range(window.rows)]
        at = bisect_right(self._times, instants[0]) - 1
        if at < 0 or self._times[at] < instants[0] - self._gap:
            return None
        values = []
        for instant in instants:
            while at + 1 < len(self._times) and self._times[at + 1] <= instant:
                at += 1
            values.append([self._value(at, column, instant - self._gap) for column in self._columns])
        first = bisect_right(self._times, end - window.size - 1)
        return Cut(self._rows[last], self._rows[first : last + 1], instants, values)

    def _value(self, at, column, oldest):
        while at >= 0 and self._times[at] >= oldest:
            value = column[self._rows[at]]
            if value == value or not self._carries:
                return value
            at -= 1
        return _NONE


class _Counted:
    def __init__(self, window, carries, columns):
        self._window, self._carries, self._columns = window, carries, columns
        self._rows, self._since = [], window.hop_rows

    def add(self, row, time):
        window = self._window
        if self._rows and window.gap is not None and abs(time - self._rows[-1][1]) > window.gap:
            self._rows, self._since = [], window.hop_rows
        self._rows = [*self._rows[-window.rows + 1 :], (row, time)] if window.rows > 1 else [(row, time)]
        self._since = min(self._since + 1, window.hop_rows)
        if len(self._rows) < window.rows or self._since < window.hop_rows:
            return []
        self._since = 0
        values = [[self._value(at, column) for column in self._columns] for at in range(window.rows)]
        return [Cut(row, [row for row, _ in self._rows], [time for _, time in self._rows], values)]

    def _value(self, at, column):
        oldest = None if self._window.gap is None else self._rows[at][1] - self._window.gap
        while at >= 0 and (oldest is None or self._rows[at][1] >= oldest):
            value = column[self._rows[at][0]]
            if value == value or not self._carries:
                return value
            at -= 1
        return _NONE
