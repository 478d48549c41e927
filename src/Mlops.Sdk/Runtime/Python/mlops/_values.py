"""What ``predict`` may return for a column: a list or a one-dimensional array with one item a row."""
from ._arrays import is_array
from ._errors import WorkflowError


def items_of(result, rows, what):
    """Returns a list with one item a row."""
    if type(result) is list and len(result) == rows:
        return result
    return listed(values_of(result, rows, what))


def values_of(result, rows, what):
    """Returns a list or a one-dimensional array with one item a row."""
    if is_array(result):
        if result.ndim == 2 and result.shape[1] == 1:
            result = result[:, 0]
        if result.ndim != 1:
            raise WorkflowError(f"predict returned {what} of shape {result.shape} for {rows} records; expected ({rows},)")
    elif isinstance(result, (str, bytes, dict, set)) or not hasattr(result, "__len__") or not hasattr(result, "__iter__"):
        raise WorkflowError(f"predict returned {found(result)} as {what}; expected a list or an array with one item for each of {rows} records")
    elif type(result) is not list:
        result = list(result)
    if len(result) != rows:
        raise WorkflowError(f"predict returned {len(result)} {what} for {rows} records; expected {rows}, one for each record in order")
    return result


def listed(values):
    return values if type(values) is list else values.tolist()


def found(value):
    if value is None:
        return "None"
    if is_array(value):
        return f"an array of shape {value.shape} and type {value.dtype}"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)} such as {value[0]!r:.80}" if value else f"an empty {type(value).__name__}"
    return f"a {type(value).__name__} ({value!r:.80})"
