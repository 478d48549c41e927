"""Sees one block of memory, laid out by the host, as columns.

The layout (offsets in bytes, see ColumnLayout in the host) has: ``header`` (int64: rows, whether any column has nulls),
``nulls`` (a byte for each input, 1 = holds nulls), ``timestamps`` and for each column its sections.
"""
from ._arrays import read_only, section, shaped
from ._data import Columns, Numbers, Pictures, Texts
from ._window_data import Windows

_KINDS = {
    "number": ("f8", "f8"),
    "integer": ("i8", "f8"),
    "unsigned": ("u8", "f8"),
    "boolean": ("?", "f8"),
    "instant": ("M8[ns]", "M8[ns]"),
}
_MAX_KEPT_BATCHES = 64


class Block:
    def __init__(self, memory, layout):
        self._memory = memory
        self._capacity = layout["capacity"]
        self.window = layout.get("window", 0)
        self._header = memoryview(memory)[:16].cast("q")
        self._nulls = self._section("u1", layout["nulls"], len(layout["inputs"]) + 1)
        self.timestamps = read_only(self._section("M8[ns]", layout["timestamps"], self._capacity))
        self.inputs = {column["name"]: self._input(column, index) for index, column in enumerate(layout["inputs"])}
        self.label = self._input(layout["label"], len(self.inputs)) if layout.get("label") else None
        self.outputs = layout["outputs"]
        # Numbers lie at equal distances, so those of all inputs are one array.
        places = [column["values"] for column in layout["inputs"]]
        self._first, self._stride = places[0] if places else 0, places[1] - places[0] if len(places) > 1 else 8 * self._capacity
        self._has_text = any(column["kind"] == "text" for column in layout["inputs"])
        self._had_nulls = False
        self._batches = {}
        self._shown = {}

    def columns(self):
        """Returns the rows that are in the block now. Objects are used again where their arrays still fit."""
        rows, has_nulls = self._header
        if self.window:
            return Windows(self, rows // self.window)
        if self._shown:
            return Columns(self, rows, self._shown)
        if self._has_text or has_nulls or self._had_nulls:
            self._had_nulls = bool(has_nulls)
            self._batches.clear()
            return Columns(self, rows)
        batch = self._batches.get(rows)
        if batch is None:
            if len(self._batches) >= _MAX_KEPT_BATCHES:
                self._batches.clear()
            batch = self._batches[rows] = Columns(self, rows)
        return batch

    def show(self, name, samples, shape):
        """Puts a picture that lies elsewhere into the row that comes, until ``hide``."""
        self._shown[name] = shaped(samples, (1, *shape))

    def hide(self):
        """Forgets the pictures that were shown; who keeps their arrays keeps their memory."""
        self._shown = {}

    def values(self, column, kind):
        """Returns the writable values of an output column."""
        return self._section(kind, column["values"], self._capacity)

    def integers(self, column):
        """Returns the writable values of an output column of int64 as a memoryview, which is quicker to set than an ndarray."""
        return memoryview(self._memory)[column["values"] : column["values"] + 8 * self._capacity].cast("q")

    def present(self, column):
        """Returns the writable presence bytes of an output column."""
        return self._section("u1", column["present"], self._capacity)

    def offsets(self, column):
        """Returns the writable text offsets of an output column."""
        return self._section("i8", column["values"], self._capacity + 1)

    def text(self, column):
        """Returns the text bytes of a column as a memoryview, which is quicker to slice than an ndarray."""
        return memoryview(self._memory)[column["text"] : column["text"] + column["textCapacity"]]

    def cube(self, rows):
        """Returns the inputs of windows as one array (windows, rows of a window, inputs), without a copy."""
        from ._arrays import np

        each = self._stride // 8
        table = np.frombuffer(self._memory, "f8", len(self.inputs) * each, self._first).reshape(len(self.inputs), each)[:, : rows * self.window]
        return read_only(table.reshape(len(self.inputs), rows, self.window).transpose(1, 2, 0))

    def _input(self, column, index):
        if column["kind"] == "text":
            return Texts(self.offsets(column), self.present(column), self.text(column))
        if column["kind"] == "image":
            shape = tuple(column["dimensions"])
            size = 1
            for length in shape:
                size *= length
            return Pictures(read_only(self._section("u1", column["values"], self._capacity * size)), size, shape)
        plain, with_nulls = _KINDS[column["kind"]]
        return Numbers(read_only(self.values(column, plain)), read_only(self.values(column, with_nulls)), self._nulls, index)

    def _section(self, kind, offset, count):
        return section(self._memory, kind, offset, count)
