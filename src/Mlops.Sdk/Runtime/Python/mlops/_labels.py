"""How labels are written and found: the classes of a model are texts, whatever type the labels have."""
from ._arrays import is_array, np

_TEXTS, _TRUTHS, _FLOATS = (str,), (bool,), (float,)
if np is not None:
    _TEXTS, _TRUTHS, _FLOATS = (str, np.str_), (bool, np.bool_), (float, np.floating)


def label_text(value):
    """The one way in which a label is written: 1.0 and 1 are '1', True is 'true'."""
    if isinstance(value, _TEXTS):
        return str(value)
    if isinstance(value, _TRUTHS):
        return "true" if value else "false"
    if isinstance(value, _FLOATS) and float(value).is_integer():
        return str(int(value))
    return str(value)


def distinct_labels(labels):
    """Returns the distinct labels as texts, sorted (numbers by size); nulls do not count."""
    if labels is None:
        return []
    if is_array(labels) and labels.dtype != object:
        values = labels[~np.isnan(labels)] if labels.dtype.kind == "f" else labels
        return [label_text(value) for value in np.unique(values).tolist()]
    return [label_text(label) for label in sorted({label for label in (labels if isinstance(labels, list) else labels.tolist()) if label is not None and label == label})]


def index_of(classes):
    """Maps every form of a label to its code: texts, and the number or boolean that is written so."""
    index = {None: -1}
    for code, text in enumerate(classes):
        if text in ("true", "false"):
            index.setdefault(text == "true", code)
        try:
            index.setdefault(float(text), code)
        except ValueError:
            pass
    index.update({text: code for code, text in enumerate(classes)})
    return index


def probability_columns(index, count, model):
    """Returns for each class the column of its probability. A model with ``classes_`` (scikit-learn) has its own order, maybe fewer classes."""
    columns = [*range(count), -1]  # code -1, no answer, has no probability
    own = getattr(model, "classes_", None)
    own = own.tolist() if is_array(own) and own.ndim == 1 else own
    codes = [index.get(label_text(label)) for label in own] if isinstance(own, (list, tuple)) else [None]
    if None in codes:
        return columns
    columns = [-1] * (count + 1)
    for column, code in enumerate(codes):
        columns[code] = column
    return columns
