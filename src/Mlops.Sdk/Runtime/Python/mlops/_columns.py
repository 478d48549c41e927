"""Lays rows of text cells out in a block of memory, as the host does with records (ColumnLayout and ColumnWriter in the SDK)."""
import numpy as np

from . import _golden, _pictures
from ._findings import Finding, PackageError, quote

_ALIGNMENT = 64
_KIND_OF = {"number": "number", "integer": "integer", "boolean": "boolean", "text": "text", "image": "image"}
_WORD = {"number": "number", "integer": "whole number", "boolean": "boolean", "text": "text"}


class Values:
    """The values of one column: a list with None where there are none, and its kind."""

    def __init__(self, name, kind, items):
        self.name, self.kind, self.items = name, kind, items
        self.shape = items[0].shape if kind == "image" and items else (1, 1) if kind == "image" else None
        self.texts = [None if item is None else item.encode("utf-8") for item in items] if kind == "text" else None

    def take(self, rows):
        return Values(self.name, self.kind, [self.items[row] for row in rows])

    @property
    def has_nulls(self):
        return self.kind in ("integer", "boolean") and None in self.items


def values_of(table, name, column, declared=None, kind="sample", folder="."):
    """Types the cells of a column: as declared, else as the cells look. Pictures are files of the folder."""
    cells = [cells[column] for _, cells in table.rows]
    as_kind = _KIND_OF[declared] if declared else _looks_like(cells)
    if as_kind == "image":
        return Values(name, as_kind, _pictures.read_all(table, name, cells, kind, folder))
    items = []
    for (line, _), cell in zip(table.rows, cells):
        try:
            items.append(None if cell is None else _typed(cell, as_kind))
        except ValueError:
            raise PackageError([Finding(table.file, line, f"{kind}-value", f"{quote(cell)} in column {quote(name)} is no {_WORD[as_kind]}.", "Correct the cell, or leave it empty for null.")]) from None
    return Values(name, as_kind, items)


def layout(capacity, inputs, label, outputs, window=0):
    """Places columns, [(name, kind, text capacity)], in a block; returns (layout, size). window: rows of a window, 0 where each row is answered."""
    end = _ALIGNMENT

    def take(size):
        nonlocal end
        start, end = end, (end + size + _ALIGNMENT - 1) // _ALIGNMENT * _ALIGNMENT
        return start

    def place(shape, is_answer):
        name, kind, text, *of = shape
        is_text = kind == "text"
        width = int(np.prod(of[0])) if kind == "image" else 8
        values = take((capacity + is_text) * width)
        present = take(capacity) if is_text or is_answer else 0
        return {"name": name, "kind": kind, "values": values, "present": present, "text": take(text) if is_text else 0, "textCapacity": text, "dimensions": of[0] if kind == "image" else None}

    placed = {"capacity": capacity, "window": window, "nulls": take(len(inputs) + 1), "timestamps": take(capacity * 8)}
    placed["inputs"] = [place(shape, False) for shape in inputs]
    placed["label"] = None if label is None else place(label, False)
    placed["outputs"] = [place(shape, True) for shape in outputs]
    return placed, end


def shape_of(values):
    if values.kind == "image":
        return values.name, values.kind, 0, values.shape
    return values.name, values.kind, max(1, sum(len(text or b"") for text in values.texts)) if values.kind == "text" else 0


def write(memory, placed, timestamps, inputs, label=None):
    """Writes columns into a block."""
    rows = len(timestamps)
    columns = [*zip(placed["inputs"], inputs), *([(placed["label"], label)] if label is not None else [])]
    header = np.frombuffer(memory, "i8", 2)
    header[:] = rows, any(values.has_nulls for _, values in columns)
    np.frombuffer(memory, "i8", rows, placed["timestamps"])[:] = timestamps
    flags = np.frombuffer(memory, "u1", len(inputs) + 1, placed["nulls"])
    flags[:] = 0
    for at, (slot, values) in enumerate(columns):
        flags[at] = values.has_nulls
        if values.kind == "text":
            _write_text(memory, slot, values.texts)
            continue
        if values.kind == "image":
            if rows:
                np.frombuffer(memory, "u1", rows * int(np.prod(values.shape)), slot["values"])[:] = np.stack(values.items).ravel()
            continue
        kind = "f8" if values.kind == "number" or values.has_nulls else "i8" if values.kind == "integer" else "?"
        items = [np.nan if item is None else item for item in values.items] if kind == "f8" else values.items
        np.frombuffer(memory, kind, rows, slot["values"])[:] = items


def read(memory, placed, rows, classes):
    """Reads answers: a list of {field: value}; for classes label and score."""
    answers = [{} for _ in range(rows)]
    for slot in placed["outputs"]:
        for row, value in enumerate(_read(memory, slot, rows, classes)):
            answers[row][slot["name"]] = value
    return answers


def _read(memory, slot, rows, classes):
    present = np.frombuffer(memory, "u1", rows, slot["present"])
    if slot["kind"] == "number":
        return [None if value != value else value for value in np.frombuffer(memory, "f8", rows, slot["values"]).tolist()]
    if slot["kind"] == "boolean":
        return [bool(value) if there else None for value, there in zip(np.frombuffer(memory, "u1", rows, slot["values"]), present)]
    if slot["kind"] == "integer":
        values = np.frombuffer(memory, "i8", rows, slot["values"]).tolist()
        if classes is not None and slot["name"] == "label":
            return [classes[code] if code >= 0 else None for code in values]
        return [value if there else None for value, there in zip(values, present)]
    offsets = np.frombuffer(memory, "i8", rows + 1, slot["values"])
    data = bytes(memory[slot["text"] : slot["text"] + slot["textCapacity"]])
    return [data[offsets[row] : offsets[row + 1]].decode("utf-8") if present[row] else None for row in range(rows)]


def _write_text(memory, slot, texts):
    np.frombuffer(memory, "u1", len(texts), slot["present"])[:] = [text is not None for text in texts]
    np.frombuffer(memory, "i8", len(texts) + 1, slot["values"])[:] = np.concatenate([[0], np.cumsum([len(text or b"") for text in texts])])
    joined = b"".join(text for text in texts if text is not None)
    memory[slot["text"] : slot["text"] + len(joined)] = joined


def _looks_like(cells):
    there = [cell for cell in cells if cell is not None]
    for kind in ("boolean", "integer", "number"):
        try:
            if there and all(_typed(cell, kind) is not None for cell in there) and not (kind == "boolean" and {"0", "1"} & set(there)):
                return kind
        except ValueError:
            pass
    return "text"


def _typed(cell, kind):
    if kind == "text":
        return cell
    if kind == "boolean":
        value = _golden.boolean(cell)
        if value is None:
            raise ValueError
        return value
    if "_" in cell:
        raise ValueError
    value = int(cell) if kind == "integer" else float(cell)
    if kind == "integer" and not -(2**63) <= value < 2**63:
        raise ValueError
    return value
