"""Finds what a package answers among what its estimators answer, and makes it the outputs of a graph."""
import numpy as np

from ._labels import index_of, label_text, probability_columns
from ._onnx_graph import Unconvertible
from ._onnx_proto import BOOL, DOUBLE, INT64
from ._score_arrays import Scores

_TOLERANCE = 1e-9


def write(graph, answer, calls, heads, model, classes, fields, rows):
    """Adds the outputs; returns their description."""
    choices = [choice for call, head in zip(calls, heads) for choice in _choices(graph, call, head)]
    if classes is not None:
        return _write_classes(graph, answer, choices, calls, heads, model, classes, rows)
    if not isinstance(answer, dict):
        answer = {fields[0]["name"]: answer}
    return {"fields": [_write_field(graph, at, field, answer, choices, calls, heads) for at, field in enumerate(fields)]}


class _Choice:
    """One of several answers for each row: as an array of their places, and as a value of the graph."""

    def __init__(self, places, value, names, chances):
        self.places, self.value, self.names, self.chances = places, value, names, chances

    def meanings(self, answers):
        """Returns what each place means when answers follow from places; None where a place was not seen; or None."""
        meanings = [None] * len(self.names)
        for place, answer in zip(self.places.tolist(), answers):
            if meanings[place] is None:
                meanings[place] = (answer,)
            elif meanings[place] != (answer,):
                return None
        return meanings


def _choices(graph, call, head):
    names = head.get("values")
    if names is None:
        return
    chances = head.get("predict_proba")
    if call.method == "predict":
        places = {value: place for place, value in enumerate(names)}
        yield _Choice(np.array([places[value] for value in np.asarray(call.result).tolist()]), head["label"], names, chances)
    elif call.method in ("predict_proba", "decision_function"):
        values = np.asarray(call.result)
        if values.ndim == 2:
            yield _Choice(values.argmax(axis=1), graph.argmax(head[call.method]), names, chances)
        elif len(names) == 2:
            strict = names != [-1, 1]  # what tells outliers counts 0 as an inlier
            places = (values > 0 if strict else values >= 0).astype(int)
            yield _Choice(places, graph.integer(graph.op("Greater" if strict else "GreaterOrEqual", head[call.method], graph.number(0))), names, chances)


def _write_classes(graph, answer, choices, calls, heads, model, classes, rows):
    chances = None
    if isinstance(answer, tuple) and len(answer) == 2:
        answer, chances = answer
    index = index_of(classes)
    codes = [-1 if label is None else index.get(label, index.get(label_text(label))) for label in np.asarray(answer, dtype=object).ravel().tolist()]
    for choice in choices:
        meanings = choice.meanings(codes)
        if meanings is None:
            continue
        places = [meaning[0] if meaning is not None else index.get(label_text(name)) for meaning, name in zip(meanings, choice.names)]
        if None in places:
            raise Unconvertible(f"the class {choice.names[places.index(None)]!r} was not seen among the answers")
        identity = places == list(range(len(classes)))
        graph.output("label", choice.value if identity else graph.op("Gather", graph.ints(*places), choice.value, axis=0), INT64)
        if chances is not None:
            scores = Scores(probability_columns(index, len(classes), model))._of(chances, codes, rows)
            graph.output("score", _score(graph, scores, choice, calls, heads), DOUBLE)
        return {"score": chances is not None}
    raise Unconvertible("the labels are chosen by the package's own code")


def _score(graph, scores, choice, calls, heads):
    for call, head in zip(calls, heads):
        if call.method == "predict_proba" and "predict_proba" in head:
            given = np.asarray(call.result)
            if _close(given[np.arange(len(given)), choice.places], scores):
                return graph.pick(head["predict_proba"], choice.value)
            for at in range(given.shape[1]):
                if _close(given[:, at], scores):
                    return graph.flat(graph.columns(head["predict_proba"], [at]))
    raise Unconvertible("the probabilities are computed by the package's own code")


def _write_field(graph, at, field, answer, choices, calls, heads):
    name, kind = field["name"], field["type"]
    values = np.asarray(answer[name]) if kind != "text" else np.asarray(answer[name], dtype=object)
    values = values[:, 0] if values.ndim == 2 and values.shape[1] == 1 else values
    if kind == "number":
        graph.output(f"field{at}", _number(graph, name, values.astype(float), calls, heads), DOUBLE)
        return {"name": name}
    for choice in choices:
        meanings = choice.meanings(values.tolist())
        if meanings is None or None in meanings:
            continue
        meanings = [meaning[0] for meaning in meanings]
        if kind == "text":
            graph.output(f"field{at}", choice.value, INT64)
            return {"name": name, "words": [str(meaning) for meaning in meanings]}
        table = graph.constant(meanings, "b1" if kind == "boolean" else "i8")
        graph.output(f"field{at}", graph.op("Gather", table, choice.value, axis=0), BOOL if kind == "boolean" else INT64)
        return {"name": name}
    raise Unconvertible(f"the field '{name}' is computed by the package's own code")


def _number(graph, name, wanted, calls, heads):
    for call, head in zip(calls, heads):
        given = np.asarray(call.result.toarray() if hasattr(call.result, "toarray") else call.result)
        value = head.get(call.method)
        if value is None and call.method == "predict" and "values" in head and given.dtype.kind in "fiub":
            value = graph.op("Gather", graph.constant(head["values"], "f8"), head["label"], axis=0)
        if value is None or given.dtype.kind not in "fiub":
            continue
        for at in range(1 if given.ndim == 1 else given.shape[1]):
            column = given.astype(float) if given.ndim == 1 else given[:, at].astype(float)
            line = _line(column, wanted)
            if line is not None:
                value = value if given.ndim == 1 else graph.flat(graph.columns(value, [at]))
                factor, offset = line
                value = value if factor == 1 else graph.multiply(graph.number(factor), value)
                return value if offset == 0 else graph.add(value, graph.number(offset))
    raise Unconvertible(f"the field '{name}' is computed by the package's own code")


def _line(given, wanted):
    """Returns (factor, offset) when what is wanted is a line over what is given."""
    for factor in (1.0, -1.0):
        if _close(factor * given, wanted):
            return factor, 0.0
    low, high = given.argmin(), given.argmax()
    if given[high] == given[low]:
        return None
    factor = (wanted[high] - wanted[low]) / (given[high] - given[low])
    offset = wanted[low] - factor * given[low]
    return (float(factor), float(offset)) if factor != 0 and _close(factor * given + offset, wanted) else None


def _close(a, b):
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True))
