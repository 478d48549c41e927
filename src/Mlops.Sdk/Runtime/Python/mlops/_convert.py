"""Converts what a training has made to ONNX, where that is possible. Whether the result counts is decided by the host, which compares."""
import json
import os
import warnings

import numpy as np

from . import __version__, _convert_answers, _convert_inputs, _onnx_estimators
from ._convert_trace import Rows, estimators, watch
from ._onnx_graph import Graph, Table, Unconvertible

_ROWS = 256
_PER_LABEL = 24


def convert(predict, model, data, classes, fields, folder):
    """Writes model.onnx and model.json into the folder, where that is possible. Returns what was converted, or why it was not."""
    try:
        found = estimators(model)
        if not found:
            return f"the model ({type(model).__name__}) holds no estimator of scikit-learn"
        # Huge and missing values are tried on purpose: what is said about them would fill the training's log.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            description, content = _convert(predict, model, found, _some(data), classes, fields)
    except Unconvertible as reason:
        return str(reason)
    except Exception as error:  # whatever it is: the package's own code goes on predicting
        return f"the conversion failed: {type(error).__name__}: {error}"
    os.makedirs(folder)
    with open(os.path.join(folder, "model.onnx"), "wb") as file:
        file.write(content)
    with open(os.path.join(folder, "model.json"), "w", encoding="utf-8") as file:
        json.dump(description, file)
    return description["estimator"]


def _convert(predict, model, found, rows, classes, fields):
    inputs = _convert_inputs.Inputs(rows)
    answer, calls = watch(predict, model, rows, found)
    if not calls:
        raise Unconvertible(f"predict does not call {_names(found)}")
    plains = []
    for at, call in enumerate(calls):
        plains.append(_convert_inputs.Plain(None, False, None) if _earlier(calls, at) is not None else _convert_inputs.match(call, inputs))
    inputs.plain = plains
    inputs.probe(predict, model, found)

    graph = Graph()
    tables, numbers, texts = _convert_inputs.tables(graph, plains, inputs)
    heads = []
    for at, call in enumerate(calls):
        earlier = _earlier(calls, at)
        table = tables[at] if earlier is None else Table.of(graph, heads[earlier][calls[earlier].method], np.asarray(call.x).shape[1])
        same = next((other for other in range(at) if calls[other].estimator is call.estimator and _equal(calls[other].x, call.x)), None)
        heads.append(heads[same] if same is not None else _onnx_estimators.heads(call.estimator, table))
    answers = _convert_answers.write(graph, answer, calls, heads, model, classes, fields, rows.rows)
    description = {"format": 1, "estimator": _names([call.estimator for call in calls]), **_convert_inputs.description(inputs, numbers, texts), **answers}
    return description, graph.model(__version__)


def _names(found):
    return " and ".join(dict.fromkeys(_onnx_estimators.describe(estimator) for estimator in found))


def _earlier(calls, at):
    """The earlier call whose answer goes into this one."""
    return next((other for other in range(at) if _equal(calls[other].result, calls[at].x)), None)


def _equal(a, b):
    a, b = (value.toarray() if hasattr(value, "toarray") else value for value in (a, b))
    if getattr(a, "shape", None) != getattr(b, "shape", None) or getattr(a, "ndim", 0) != 2:
        return False
    a, b = np.asarray(a), np.asarray(b)
    if a.dtype.kind == "O" or b.dtype.kind == "O":
        return bool((a == b).all())
    return np.array_equal(a, b, equal_nan=True)


def _some(data):
    """Some rows of the data, without nulls: a few of each label, the others spread evenly."""
    arrays = {name: np.asarray(data[name]) for name in data}
    full = np.ones(data.rows, dtype=bool)
    for array in arrays.values():
        if array.dtype.kind == "f":
            full &= np.isfinite(array)
        elif array.dtype.kind == "O":
            full &= np.array([value is not None for value in array.tolist()])
    places = np.flatnonzero(full)
    if len(places) == 0:
        raise Unconvertible("no record of the training data is complete")
    chosen = set(places[np.linspace(0, len(places) - 1, min(_ROWS, len(places))).astype(int)].tolist())
    if data.labels is not None:
        seen = {}
        labels = np.asarray(data.labels)
        for place in places.tolist():
            label = labels[place]
            if seen.get(label, 0) < _PER_LABEL and len(seen) < _ROWS:
                seen[label] = seen.get(label, 0) + 1
                chosen.add(place)
    order = np.array(sorted(chosen))
    return Rows({name: np.array(array[order]) for name, array in arrays.items()}, np.asarray(data.timestamps)[order])


