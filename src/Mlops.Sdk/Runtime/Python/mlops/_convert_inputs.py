"""Finds out how a package's inputs become the columns of its estimators: order, gaps, what is refused."""
import numpy as np

from ._convert_trace import Rows, watch
from ._onnx_graph import NULL_TEXT, Table, Unconvertible
from ._onnx_proto import DOUBLE, STRING

_HUGE = 1e39  # larger than any float32
_PROBED_ROWS = 8


class Inputs:
    """The inputs of a package, as arrays over some rows, and how each may be null or not finite."""

    def __init__(self, rows):
        self.rows = rows
        self.names = list(rows)
        self.texts = [name for name in self.names if rows[name].dtype.kind == "O"]
        self.numbers = [name for name in self.names if rows[name].dtype.kind in "fiub"]
        self.fills = {}  # input -> what its nulls become
        self.refuses = {"nan": set(), "infinite": set(), "huge": set()}

    def probe(self, predict, model, watched):
        """Tries null, infinite and huge values."""
        self._try("nan", self.numbers + self.texts, self._with_nulls, predict, model, watched)
        finite = [name for name in self.numbers if self.rows[name].dtype.kind == "f"]
        self._try("infinite", finite, lambda names: self._with(names, np.inf), predict, model, watched)
        self._try("huge", finite, lambda names: self._with(names, _HUGE), predict, model, watched)

    def _try(self, what, names, make, predict, model, watched):
        def calls(some):
            try:
                return watch(predict, model, make(some), watched)[1]
            except Exception:
                return None

        refused = self.refuses[what]
        together = calls(names)
        for name in names if together is None else ():
            if calls([name]) is None:
                refused.add(name)
        accepted = [name for name in names if name not in refused]
        if what == "nan" and accepted:
            together = calls(accepted) if together is None else together
            if together is None:
                raise Unconvertible("gaps in several inputs are refused, gaps in one are not")
            self._learn_fills(accepted, together)

    def _learn_fills(self, names, calls):
        self.with_gaps = {name: None for name in names}
        gaps = [call for call in calls]
        for call, plain in zip(gaps, self.plain):
            for at, name in enumerate(plain.sources or ()):
                if name not in self.with_gaps:
                    continue
                seen = column(call.x, at)
                values = {None if value is None or value != value else value for value in seen.tolist()}
                if len(values) != 1:
                    raise Unconvertible(f"gaps in '{name}' are filled by the package's own code")
                value = values.pop()
                if name in self.fills and self.fills[name] != value:
                    raise Unconvertible(f"gaps in '{name}' are filled in several ways")
                self.fills[name] = value

    def _with_nulls(self, names):
        arrays = {}
        for name in self.names:
            array = self.rows[name][:_PROBED_ROWS]
            if name in names:
                array = np.full(len(array), None, dtype=object) if name in self.texts else np.full(len(array), np.nan)
            arrays[name] = np.array(array)
        return Rows(arrays, self.rows.timestamps[:_PROBED_ROWS])

    def _with(self, names, value):
        arrays = {name: np.full(_PROBED_ROWS, value) if name in names else np.array(np.resize(self.rows[name], _PROBED_ROWS)) for name in self.names}
        return Rows(arrays, np.resize(self.rows.timestamps, _PROBED_ROWS))


class Plain:
    """Where the columns of one call come from: the inputs by name, or None when they are an earlier call's answer."""

    def __init__(self, sources, single, names):
        self.sources, self.single, self.names = sources, single, names


def column(x, at):
    return x.iloc[:, at].to_numpy() if hasattr(x, "iloc") else np.asarray(x)[:, at]


def width(x):
    if getattr(x, "ndim", 0) != 2:
        raise Unconvertible("an estimator gets something other than rows of columns")
    return x.shape[1]


def match(call, inputs):
    """Finds the inputs that are the columns of a call."""
    names = [str(name) for name in call.x.columns] if hasattr(call.x, "columns") else None
    sources, single = [], False
    for at in range(width(call.x)):
        values = column(call.x, at)
        candidates = ([names[at]] if names else []) + inputs.names[at : at + 1] + [name for name in inputs.names if name not in sources] + inputs.names
        for name in dict.fromkeys(candidates):
            fits = name in inputs.names and _fits(values, inputs.rows[name])
            if fits:
                sources.append(name)
                single |= fits == "single"
                break
        else:
            raise Unconvertible(f"column {at} of what {type(call.estimator).__name__}.{call.method} gets is computed by the package's own code")
    return Plain(sources, single, names)


def _fits(values, raw):
    if raw.dtype.kind == "O":
        return values.dtype.kind in "OUS" and all(a == b or (a is None and b is None) for a, b in zip(values.tolist(), raw.tolist()))
    if raw.dtype.kind not in "fiub":
        return False
    try:
        values = values.astype(float) if values.dtype.kind == "O" else values
    except (TypeError, ValueError):
        return False
    if values.dtype.kind not in "fiub":
        return False
    if np.array_equal(values.astype(float), raw.astype(float), equal_nan=True):
        return True
    return "single" if values.dtype == np.float32 and np.array_equal(values, raw.astype(np.float32), equal_nan=True) else False


def tables(graph, plains, inputs):
    """Makes the graph's inputs; returns for each call its table (None for those that take an earlier answer), and the inputs in use."""
    used = [name for name in inputs.names if any(name in (plain.sources or ()) for plain in plains)]
    numbers = [name for name in used if name in inputs.numbers]
    texts = [name for name in used if name in inputs.texts]
    matrix = graph.input("numbers", DOUBLE, len(numbers)) if numbers else None
    filled = [inputs.fills.get(name) for name in numbers]
    if any(value is not None for value in filled):
        row = graph.constant([[np.nan if value is None else float(value) for value in filled]], "f8")
        matrix = graph.op("Where", graph.op("IsNaN", matrix), row, matrix)
    values = {name: graph.input(f"text{at}", STRING, 1) for at, name in enumerate(texts)}
    made = []
    for plain in plains:
        if plain.sources is None:
            made.append(None)
            continue
        parts = []
        for name in plain.sources:
            if name in values:
                fill = inputs.fills.get(name)
                parts.append((values[name], 0, None if fill is None else str(fill)))
            elif parts and isinstance(parts[-1], list):
                parts[-1].append(numbers.index(name))
            else:
                parts.append([numbers.index(name)])
        number_of = (lambda value: graph.single(value)) if plain.single else (lambda value: value)
        whole = list(range(len(numbers)))
        parts = [
            (number_of(matrix if part == whole else graph.columns(matrix, part)), len(part), None) if isinstance(part, list) else part for part in parts
        ]
        made.append(Table(graph, parts, plain.names))
    return made, numbers, texts


def description(inputs, numbers, texts):
    """What the host has to know of the inputs in use."""
    refuses = inputs.refuses
    return {
        "numbers": [
            {"name": name, "nan": name not in refuses["nan"], "infinite": name not in refuses["infinite"], "huge": name not in refuses["huge"]} for name in numbers
        ],
        "texts": [{"name": name, "null": NULL_TEXT if name not in refuses["nan"] else None} for name in texts],
    }
