"""Builds a graph of ONNX operators, value by value. All numbers are float64, as in scikit-learn."""
import numpy as np

from . import _onnx_proto

ML = "ai.onnx.ml"
# Stands for a text that is not there: ONNX has no null, and no sensor sends this control character.
NULL_TEXT = "\x1a"


class Unconvertible(Exception):
    """The model cannot be expressed in ONNX; the message says why."""


class Graph:
    """Values go by their names. Each method adds operators and returns the name of what they compute."""

    def __init__(self):
        self._nodes = []
        self._constants = {}
        self._inputs = []
        self._outputs = []
        self._count = 0
        self._required = None

    def input(self, name, kind, width):
        self._inputs.append((name, kind, (None, width)))
        return name

    def output(self, name, value, kind):
        self._add("Identity", [value], [name], "", {})
        self._outputs.append((name, kind, (None,)))

    def constant(self, array, dtype=None):
        array = np.asarray(array, dtype=dtype)
        name = f"c{len(self._constants)}"
        self._constants[name] = array
        return name

    def number(self, value):
        return self.constant(float(value), "f8")

    def ints(self, *values):
        return self.constant(values, "i8")

    def op(self, kind, *inputs, domain="", outputs=1, **attributes):
        names = [f"v{self._count + i}" for i in range(outputs)]
        self._count += outputs
        self._add(kind, inputs, names, domain, attributes)
        return names[0] if outputs == 1 else names

    # What converters need more than once.

    def add(self, a, b):
        return self.op("Add", a, b)

    def subtract(self, a, b):
        return self.op("Sub", a, b)

    def multiply(self, a, b):
        return self.op("Mul", a, b)

    def divide(self, a, b):
        return self.op("Div", a, b)

    def affine(self, x, weights, offset):
        """x @ weights + offset."""
        return self.add(self.op("MatMul", x, self.constant(weights, "f8")), self.constant(offset, "f8"))

    def columns(self, x, indices):
        return self.op("Gather", x, self.constant(indices, "i8"), axis=1)

    def column(self, x, index):
        return self.op("Gather", x, self.constant(index, "i8"), axis=1)

    def concat(self, values):
        return values[0] if len(values) == 1 else self.op("Concat", *values, axis=1)

    def total(self, x, axis=1, keep=True):
        return self.op("ReduceSum", x, self.ints(axis), keepdims=int(keep))

    def argmax(self, x):
        return self.op("ArgMax", x, axis=1, keepdims=0)

    def double(self, x):
        return self.op("Cast", x, to=_onnx_proto.DOUBLE)

    def integer(self, x):
        return self.op("Cast", x, to=_onnx_proto.INT64)

    def single(self, x):
        """Rounds to float32, as scikit-learn's trees see their input."""
        return self.double(self.op("Cast", x, to=_onnx_proto.FLOAT))

    def as_column(self, x):
        return self.op("Unsqueeze", x, self.ints(1))

    def flat(self, x):
        return self.op("Reshape", x, self.ints(-1))

    def softmax(self, x):
        return self.op("Softmax", x, axis=1)

    def sigmoid(self, x):
        return self.op("Sigmoid", x)

    def two_sided(self, positive):
        """Columns of P(not) and P for a column of P."""
        return self.concat([self.subtract(self.number(1), positive), positive])

    def normalized(self, x):
        """Each row by its sum."""
        return self.divide(x, self.total(x))

    def pick(self, x, index):
        """The value in column index[row] of each row."""
        return self.flat(self.op("GatherElements", x, self.as_column(index), axis=1))

    def require(self, condition):
        """Rows for which it does not hold are refused, where scikit-learn raises."""
        self._required = condition if self._required is None else self.op("And", self._required, condition)

    def model(self, version):
        """Returns the bytes of the model; operators whose values nobody uses are left out."""
        if self._required is not None:
            self.output("valid", self.flat(self._required), _onnx_proto.BOOL)
        needed, nodes = {name for name, _, _ in self._outputs}, []
        for kind, inputs, outputs, domain, attributes in reversed(self._nodes):
            if not needed.isdisjoint(outputs):
                needed.update(inputs)
                nodes.insert(0, _onnx_proto.node(kind, inputs, outputs, domain, attributes))
        constants = {name: array for name, array in self._constants.items() if name in needed}
        return _onnx_proto.model(nodes, constants, self._inputs, self._outputs, "mlops", version)

    def _add(self, kind, inputs, outputs, domain, attributes):
        self._nodes.append((kind, inputs, outputs, domain, attributes))


class Table:
    """What goes into an estimator: parts that are matrices of numbers or columns of text, with the names of all columns."""

    def __init__(self, graph, parts, names=None):
        self.graph = graph
        self._parts = parts  # [(value, width, fill)]: width 0 is a column of text, fill what stands for its null
        self.names = names

    @property
    def width(self):
        return sum(max(1, width) for _, width, _ in self._parts)

    def matrix(self):
        """Returns all columns as one matrix."""
        if any(width == 0 for _, width, _ in self._parts):
            raise Unconvertible("a column of text reaches an estimator that takes numbers")
        return self.graph.concat([value for value, _, _ in self._parts])

    def text(self, index):
        """Returns (value, fill) of a column of text, or None for numbers."""
        value, width, fill, _ = self._part(index)
        return (value, fill) if width == 0 else None

    def number(self, index):
        """Returns a column of numbers, [rows, 1]."""
        value, width, _, offset = self._part(index)
        return value if width == 1 else self.graph.columns(value, [offset])

    def select(self, indices):
        if list(indices) == list(range(self.width)):
            return self
        parts, run = [], []
        for index in indices:
            value, width, fill, offset = self._part(index)
            if run and (width == 0 or run[0] != value):
                parts.append(self._gathered(run))
                run = []
            if width == 0:
                parts.append((value, 0, fill))
            else:
                run = run or [value, width]
                run.append(offset)
        if run:
            parts.append(self._gathered(run))
        return Table(self.graph, parts, None if self.names is None else [self.names[index] for index in indices])

    def with_fill(self, fills):
        """Returns the columns of text with what stands for their nulls from now on."""
        return Table(self.graph, [(value, width, fills.get(at, fill)) for at, (value, width, fill) in enumerate(self._parts)], self.names)

    @staticmethod
    def of(graph, matrix, width, names=None):
        return Table(graph, [(matrix, width, None)], names)

    @staticmethod
    def joined(graph, tables):
        return Table(graph, [part for table in tables for part in table._parts])

    def _gathered(self, run):
        value, width, *offsets = run
        return (value if offsets == list(range(width)) else self.graph.columns(value, offsets), len(offsets), None)

    def _part(self, index):
        for value, width, fill in self._parts:
            if index < max(1, width):
                return value, width, fill, index
            index -= max(1, width)
        raise Unconvertible(f"there is no column {index}")
