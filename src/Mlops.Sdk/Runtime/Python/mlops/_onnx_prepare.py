"""Transformers: what stands before an estimator."""
import numpy as np

from ._onnx_graph import ML, NULL_TEXT, Table, Unconvertible


def scaler(estimator, table):
    name, graph = type(estimator).__name__, table.graph
    x = table.matrix()
    row = lambda values: graph.constant(np.reshape(values, (1, -1)), "f8")  # noqa: E731
    if name == "MinMaxScaler":
        x = graph.add(graph.multiply(x, row(estimator.scale_)), row(estimator.min_))
        if estimator.clip:
            low, high = estimator.feature_range
            # Not Clip, which turns NaN into a limit.
            x = graph.op("Where", graph.op("Less", x, graph.number(low)), graph.number(low), x)
            x = graph.op("Where", graph.op("Greater", x, graph.number(high)), graph.number(high), x)
        return Table.of(graph, x, table.width)
    center = {"StandardScaler": "mean_", "RobustScaler": "center_"}.get(name)
    use_center = center is not None and (estimator.with_mean if name == "StandardScaler" else estimator.with_centering)
    if use_center:
        x = graph.subtract(x, row(getattr(estimator, center)))
    if getattr(estimator, "scale_", None) is not None:
        x = graph.divide(x, row(estimator.scale_))
    return Table.of(graph, x, table.width)


def normalizer(estimator, table):
    graph, x = table.graph, table.matrix()
    size = graph.op("Abs", x)
    if estimator.norm == "l1":
        size = graph.total(size)
    elif estimator.norm == "l2":
        size = graph.op("Sqrt", graph.total(graph.multiply(x, x)))
    else:
        size = graph.op("ReduceMax", size, axes=[1], keepdims=1)
    size = graph.op("Where", graph.op("Equal", size, graph.number(0)), graph.number(1), size)
    return Table.of(graph, graph.divide(x, size), table.width)


def binarizer(estimator, table):
    graph = table.graph
    return Table.of(graph, graph.double(graph.op("Greater", table.matrix(), graph.number(estimator.threshold))), table.width)


def imputer(estimator, table):
    graph = table.graph
    if estimator.add_indicator:
        raise Unconvertible("SimpleImputer adds indicators of missing values")
    texts = [table.text(index) for index in range(table.width)]
    if any(text is not None for text in texts):
        if any(text is None for text in texts):
            raise Unconvertible("SimpleImputer fills texts and numbers together")
        if not (estimator.missing_values is None or estimator.missing_values != estimator.missing_values):
            raise Unconvertible(f"SimpleImputer takes {estimator.missing_values!r} for missing")
        fills = {}
        for index, statistic in enumerate(estimator.statistics_):
            # NaN is missing, None is not, unless it was asked for; a null of a feed arrives as None.
            if estimator.missing_values is None:
                fills[index] = str(statistic)
        return table.with_fill(fills)
    statistics = np.asarray(estimator.statistics_, dtype=float)
    kept = [index for index, statistic in enumerate(statistics) if statistic == statistic]
    if len(kept) < table.width and getattr(estimator, "keep_empty_features", False):
        raise Unconvertible("SimpleImputer keeps empty columns")
    x = table.select(kept).matrix()
    missing = graph.op("IsNaN", x) if estimator.missing_values != estimator.missing_values else graph.op("Equal", x, graph.number(estimator.missing_values))
    return Table.of(graph, graph.op("Where", missing, graph.constant(statistics[kept][None, :], "f8"), x), len(kept))


def one_hot(estimator, table):
    graph, parts, width = table.graph, [], 0
    if getattr(estimator, "_infrequent_enabled", False) and any(item is not None for item in getattr(estimator, "infrequent_categories_", [])):
        raise Unconvertible("OneHotEncoder groups infrequent categories")
    for index, categories in enumerate(estimator.categories_):
        places = list(range(len(categories)))
        drop = None if estimator.drop_idx_ is None else estimator.drop_idx_[index]
        if drop is not None:
            places.remove(int(drop))
        codes, _ = _codes(table, index, categories, estimator.handle_unknown == "error", type(estimator).__name__)
        parts.append(graph.double(graph.op("Equal", codes, graph.constant(np.array([places], dtype="i8")))))
        width += len(places)
    return Table.of(graph, graph.concat(parts), width)


def ordinal(estimator, table):
    graph, parts = table.graph, []
    for index, categories in enumerate(estimator.categories_):
        codes, missing = _codes(table, index, categories, estimator.handle_unknown == "error", "OrdinalEncoder")
        values = np.arange(len(categories) + 1, dtype=float)
        values[-1] = estimator.unknown_value if estimator.handle_unknown == "use_encoded_value" else np.nan
        if missing is not None:
            values[missing] = estimator.encoded_missing_value
        wrapped = graph.op("Where", graph.op("Less", codes, graph.ints(0)), graph.ints(len(categories)), codes)
        parts.append(graph.op("Gather", graph.constant(values), graph.flat(wrapped), axis=0))
    return Table.of(graph, graph.concat([graph.as_column(part) for part in parts]), len(parts))


def _codes(table, index, categories, refuses, name):
    """Returns the place of each value among the categories, [rows, 1], -1 for others, and the place of the missing value."""
    graph, text = table.graph, table.text(index)
    is_missing = [category is None or category != category for category in categories.tolist()]
    missing = is_missing.index(True) if any(is_missing) else None
    if text is None:
        x = table.number(index)
        numbers = np.array([np.nan if gap else float(value) for value, gap in zip(categories.tolist(), is_missing)])
        equal = graph.op("Equal", x, graph.constant(numbers[None, :], "f8"))
        if missing is not None:
            here = graph.constant(np.array([is_missing]))
            equal = graph.op("Or", equal, graph.op("And", graph.op("IsNaN", x), here))
        places = graph.constant(np.arange(1, len(categories) + 1, dtype="f8")[:, None])
        codes = graph.integer(graph.subtract(graph.op("MatMul", graph.double(equal), places), graph.number(1)))
        if refuses:
            graph.require(graph.op("GreaterOrEqual", codes, graph.ints(0)))
        return codes, missing
    value, fill = text
    keys = [NULL_TEXT if gap else str(category) for category, gap in zip(categories.tolist(), is_missing)]
    codes = list(range(len(keys)))
    if fill is not None and NULL_TEXT not in keys and fill in keys:
        codes.append(keys.index(fill))
        keys.append(NULL_TEXT)
    if any("\0" in key for key in keys):
        raise Unconvertible(f"{name} knows a text with a zero in it")
    codes = graph.op("LabelEncoder", value, domain=ML, keys_strings=keys, values_int64s=codes, default_int64=-1)
    if refuses:
        graph.require(graph.op("GreaterOrEqual", codes, graph.ints(0)))
    return codes, missing


def chosen(estimator, table):
    return table.select(np.flatnonzero(estimator.get_support()).tolist())
