"""Columns of records as workflow code sees them."""
from collections.abc import Mapping

from ._arrays import np, shaped

_MAX_REMEMBERED_TEXTS = 4096


class Columns(Mapping):
    """A mapping column -> NumPy array over the same rows.

    number: float64, null is NaN. integer: int64 (or uint64); float64 with NaN when there are nulls. boolean: bool; float64 with
    NaN when there are nulls. text: object array of str, null is None. instant: datetime64[ns], null is NaT. image: uint8 of shape
    (rows, height, width), for colours (rows, height, width, 3); all pictures of one batch have the same size.
    Where the interpreter has no NumPy, arrays are memoryviews (instants in nanoseconds since 1970, null is -2**63) and texts lists.
    The arrays are read-only. Those of a batch are valid during ``predict`` only: the memory is used again, so copy what you keep.
    """

    __slots__ = ("_block", "_rows", "_arrays", "_timestamps", "_labels")

    def __init__(self, block, rows, arrays=None):
        self._block = block
        self._rows = rows
        self._arrays = {} if arrays is None else arrays
        self._timestamps = None
        self._labels = None

    @property
    def rows(self):
        """The number of records."""
        return self._rows

    @property
    def timestamps(self):
        """Time of each record, datetime64[ns], UTC."""
        if self._timestamps is None:
            self._timestamps = self._block.timestamps[: self._rows]
        return self._timestamps

    @property
    def labels(self):
        """The truth for each record, typed like a column; None when the workflow has no label, and in ``predict``."""
        if self._labels is None and self._block.label is not None:
            self._labels = self._block.label.array(self._rows)
        return self._labels

    def to_pandas(self):
        """Returns a copy as DataFrame, a column for each column, indexed by time."""
        import pandas

        index = pandas.DatetimeIndex(self.timestamps, name="timestamp")
        return pandas.DataFrame({name: _cells(self[name]) for name in self}, index=index)

    def __getitem__(self, name):
        array = self._arrays.get(name)
        if array is None:
            column = self._block.inputs.get(name)
            if column is None:
                raise KeyError(f"there is no column '{name}'; there are: {', '.join(self._block.inputs)}")
            array = self._arrays[name] = column.array(self._rows)
        return array

    def __iter__(self):
        return iter(self._block.inputs)

    def __len__(self):
        return len(self._block.inputs)

    def __contains__(self, name):
        return name in self._block.inputs

    def __repr__(self):
        return f"Columns({self._rows} rows: {', '.join(self)})"


def _cells(values):
    """What a column of a DataFrame holds: a copy; of pictures an array a cell."""
    return np.array(values) if values.ndim == 1 else [np.array(value) for value in values]


class Numbers:
    """An input column of fixed width. Where a batch has nulls the host writes float64 with NaN into the same memory."""

    __slots__ = ("_plain", "_with_nulls", "_nulls", "_index")

    def __init__(self, plain, with_nulls, nulls, index):
        self._plain = plain
        self._with_nulls = with_nulls
        self._nulls = nulls
        self._index = index

    def array(self, rows):
        return (self._with_nulls if self._nulls[self._index] else self._plain)[:rows]

    def every(self, step, rows):
        """Returns each step-th value."""
        return self.array(step * rows)[step - 1 :: step]


class Pictures:
    """An input column of pictures of one size."""

    __slots__ = ("_samples", "_size", "_shape")

    def __init__(self, samples, size, shape):
        self._samples = samples
        self._size = size
        self._shape = shape

    def array(self, rows):
        return shaped(self._samples[: rows * self._size], (rows, *self._shape))


class Texts:
    """An input column of text: offsets into UTF-8 bytes, and a byte a value that tells whether it is present."""

    __slots__ = ("_offsets", "_present", "_bytes")

    def __init__(self, offsets, present, data):
        self._offsets = offsets
        self._present = present
        self._bytes = data

    def array(self, rows):
        return self.every(1, rows)

    def every(self, step, rows):
        """Returns each step-th text."""
        texts = [None] * rows if np is None else np.empty(rows, dtype=object)
        starts = self._offsets[step - 1 : step * rows : step].tolist()
        ends = self._offsets[step : step * rows + 1 : step].tolist()
        present = self._present[step - 1 : step * rows : step].tolist()
        data = self._bytes
        remembered = {}  # values repeat: one str for equal ones saves most of the memory
        for row in range(rows):
            if present[row]:
                raw = data[starts[row] : ends[row]].tobytes()
                text = remembered.get(raw)
                if text is None:
                    text = raw.decode("utf-8", "replace")
                    if len(remembered) < _MAX_REMEMBERED_TEXTS:
                        remembered[raw] = text
                texts[row] = text
        if np is not None:
            texts.flags.writeable = False
        return texts
