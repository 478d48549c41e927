"""Watches a package's predict: which estimators it calls, with what, and what comes back."""
import numpy as np

from ._data import Columns

_METHODS = ("predict", "predict_proba", "decision_function", "score_samples", "transform")
_MAX_DEPTH = 3
_MAX_ITEMS = 64


class Rows(Columns):
    """Rows made up from arrays."""

    def __init__(self, arrays, timestamps):
        super().__init__(_Inputs(arrays), len(timestamps))
        for array in arrays.values():
            array.flags.writeable = False
        self._arrays = dict(arrays)
        self._timestamps = timestamps


class _Inputs:
    label = None

    def __init__(self, arrays):
        self.inputs = arrays


class Call:
    """One call of an estimator's method."""

    def __init__(self, estimator, method, x, result):
        self.estimator, self.method, self.x, self.result = estimator, method, x, result


def estimators(model):
    """Returns the estimators of scikit-learn in a model, the outermost only."""
    found, seen = [], set()

    def walk(value, depth):
        if id(value) in seen or depth > _MAX_DEPTH or value is None:
            return
        seen.add(id(value))
        if isinstance(value, (str, bytes, int, float, np.ndarray)):
            return
        if hasattr(value, "get_params") and hasattr(value, "fit") and not isinstance(value, type):
            found.append(value)
        elif isinstance(value, dict):
            for item in list(value.values())[:_MAX_ITEMS]:
                walk(item, depth + 1)
        elif isinstance(value, (list, tuple)):
            for item in value[:_MAX_ITEMS]:
                walk(item, depth + 1)
        elif hasattr(value, "__dict__") and not callable(value):
            walk(vars(value), depth)

    walk(model, 0)
    return found


def watch(predict, model, rows, watched):
    """Calls predict; returns (answer, calls)."""
    calls, depth = [], 0

    def recorder(estimator, method):
        original = getattr(estimator, method)

        def call(x, *args, **kwargs):
            nonlocal depth
            depth += 1
            try:
                # The author may go on to write into what he gets and gave.
                before = x.copy() if hasattr(x, "copy") else np.array(x)
                result = original(x, *args, **kwargs)
                if depth == 1:
                    calls.append(Call(estimator, method, before, result.copy() if hasattr(result, "copy") else result))
                return result
            finally:
                depth -= 1

        return call

    replaced = []
    try:
        for estimator in watched:
            for method in _METHODS:
                if method not in vars(estimator) and hasattr(estimator, method):
                    vars(estimator)[method] = recorder(estimator, method)
                    replaced.append((estimator, method))
        return predict(model, rows), calls
    finally:
        for estimator, method in replaced:
            vars(estimator).pop(method, None)
