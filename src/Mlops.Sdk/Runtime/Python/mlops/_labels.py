"""How labels are written and found: the classes of a model are texts, whatever type the labels have."""
import numpy as np


def label_text(value):
    """The one way in which a label is written: 1.0 and 1 are '1', True is 'true'."""
    if isinstance(value, (str, np.str_)):
        return str(value)
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        return str(int(value))
    return str(value)


def distinct_labels(labels):
    """Returns the distinct labels as texts, sorted (numbers by size); nulls do not count."""
    if labels is None:
        return []
    if labels.dtype == object:
        return sorted({label for label in labels.tolist() if label is not None})
    values = labels[~np.isnan(labels)] if labels.dtype.kind == "f" else labels
    return [label_text(value) for value in np.unique(values).tolist()]


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
    columns = np.arange(count, dtype=np.int64)
    own = getattr(model, "classes_", None)
    if not isinstance(own, np.ndarray) or own.ndim != 1:
        return np.append(columns, -1)  # code -1, no answer, has no probability
    codes = [index.get(label_text(label)) for label in own.tolist()]
    if None in codes:
        return np.append(columns, -1)
    columns[:] = -1
    columns[codes] = np.arange(len(codes))
    return np.append(columns, -1)
