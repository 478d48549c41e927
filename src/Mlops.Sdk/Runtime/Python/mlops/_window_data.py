"""Windows of records as workflow code sees them."""
from ._arrays import np

_ABOUT = "there is no input '{}'; there are: {}"


class _About:
    """What is known of windows beside their values."""

    def __init__(self, block, rows):
        self._block = block
        self._rows = rows
        self._labels = None

    @property
    def rows(self):
        """The number of windows."""
        return self._rows

    @property
    def channels(self):
        """Names of the inputs, in the order of the last axis."""
        return tuple(self._block.inputs)

    @property
    def times(self):
        """Time of each row of each window, datetime64[ns] (windows, rows), UTC."""
        return _split(self._block.timestamps[: self._rows * self._block.window], self._rows, self._block.window)

    @property
    def timestamps(self):
        """Time of the last record of each window, which is the one that is answered."""
        return self._block.timestamps[self._block.window - 1 : self._rows * self._block.window : self._block.window]

    @property
    def labels(self):
        """The truth for each window, typed like a column; None when the workflow has no label, and in ``predict``."""
        if self._labels is None and self._block.label is not None:
            self._labels = self._block.label.every(self._block.window, self._rows)
        return self._labels

    def _channel(self, name):
        try:
            return self.channels.index(name)
        except ValueError:
            raise KeyError(_ABOUT.format(name, ", ".join(self.channels))) from None


if np is not None:

    class Windows(_About, np.ndarray):
        """A read-only float64 array (windows, rows of a window, inputs), oldest row first; NaN where a value is missing.

        ``windows["name"]`` is one input: (windows, rows). The memory of a batch is used again after ``predict``: copy what you keep.
        """

        def __new__(cls, block, rows):
            return block.cube(rows).view(cls)

        def __array_finalize__(self, source):
            # A part of it is a plain array as far as anybody can tell.
            self._block, self._rows, self._labels = None, 0, None

        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            plain = [np.asarray(value) if isinstance(value, Windows) else value for value in inputs]
            return getattr(ufunc, method)(*plain, **kwargs)

        def __getitem__(self, key):
            plain = np.asarray(self)
            return plain[:, :, self._channel(key)] if isinstance(key, str) else plain[key]

        def __reduce__(self):
            return np.asarray(self).copy().__reduce__()

    def _split(times, rows, each):
        return times.reshape(rows, each)

else:

    class Windows(_About):
        """A sequence of windows, each a list of rows with a float for each input, oldest first; NaN where a value is missing.

        ``windows["name"]`` is one input: a list of rows for each window.
        """

        def __len__(self):
            return self._rows

        def __iter__(self):
            return (self[row] for row in range(self._rows))

        def __getitem__(self, key):
            each = self._block.window
            if isinstance(key, str):
                return _split(list(self._block.inputs.values())[self._channel(key)].array(self._rows * each), self._rows, each)
            if not -self._rows <= key < self._rows:
                raise IndexError(key)
            start = key % self._rows * each
            return [list(row) for row in zip(*(column.array(start + each)[start:].tolist() for column in self._block.inputs.values()))]

    def _split(values, rows, each):
        return [values[row * each : (row + 1) * each].tolist() for row in range(rows)]
