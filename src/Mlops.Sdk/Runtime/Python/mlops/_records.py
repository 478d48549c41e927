"""Records of a feed as columns."""
from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from typing import Any, Iterable, Iterator

from ._arrays import np

_NAN = float("nan")


class Records(Mapping):
    """A mapping field -> NumPy array over the same records; ``timestamps`` holds their times.

    float64: null is NaN. int64, uint64 and boolean: float64 with NaN when there are nulls. text and lists: object arrays, null is None.
    timestamp: datetime64[ns], null is NaT. Where there is no NumPy, the columns are lists.
    """

    def __init__(self, timestamps: Any, columns: dict[str, Any]) -> None:
        self.timestamps = timestamps
        self._columns = columns

    def __getitem__(self, name: str) -> Any:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    @property
    def rows(self) -> int:
        """The number of records."""
        return len(self.timestamps)

    def to_pandas(self) -> Any:
        """Returns a DataFrame, a column for each field, indexed by time (UTC)."""
        import pandas

        return pandas.DataFrame(self._columns, index=pandas.DatetimeIndex(self.timestamps, name="timestamp").tz_localize("UTC"))

    def __repr__(self) -> str:
        return f"Records({self.rows} records: {', '.join(self)})"


def of(rows: list[dict[str, Any]], fields: Iterable[tuple[str, str]]) -> Records:
    """Makes columns of what a node answers as JSON."""
    return Records(
        _instants([row["timestamp"] for row in rows]),
        {name: column([row.get(name) for row in rows], kind) for name, kind in fields},
    )


def column(values: list[Any], kind: str) -> Any:
    """Makes one column of a field's type."""
    if kind == "timestamp":
        return _instants(values)
    if kind == "float64":
        return _array([_NAN if value is None else float(value) for value in values], "float64")
    if kind in ("int64", "uInt64", "boolean"):
        if any(value is None for value in values):
            return _array([_NAN if value is None else float(value) for value in values], "float64")
        return _array([bool(value) if kind == "boolean" else int(value) for value in values], "bool" if kind == "boolean" else kind.lower())
    if np is None:
        return values
    texts = np.empty(len(values), dtype=object)
    texts[:] = values
    return texts


def rows_of(data: Any, timestamps: Any = None) -> Iterator[dict[str, Any]]:
    """Yields records, as JSON has them, of a DataFrame, a mapping of columns, or an iterable of mappings."""
    if hasattr(data, "columns") and hasattr(data, "index"):
        if timestamps is None:
            timestamps = data["timestamp"] if "timestamp" in data.columns else data.index
        data = {str(name): data[name].to_numpy() for name in data.columns if name != "timestamp"}
    if isinstance(data, Mapping):
        columns = dict(data)
        times = columns.pop("timestamp", None) if timestamps is None else timestamps
        if times is None:
            times = getattr(data, "timestamps", None)
        if times is None:
            raise ValueError("the records have no times: give timestamps, or a column 'timestamp'")
        lists = {name: _list(values) for name, values in columns.items()}
        for index, time in enumerate(_list(times)):
            yield {"timestamp": instant(time), **{name: _value(values[index]) for name, values in lists.items()}}
        return
    for record in data:
        if "timestamp" not in record:
            raise ValueError("a record has no 'timestamp'")
        yield {name: instant(value) if name == "timestamp" else _value(value) for name, value in record.items()}


def instant(time: Any) -> str:
    """Writes a time for a node: text as it is, datetime (without zone: UTC), datetime64, or seconds since 1970."""
    if isinstance(time, str):
        return time
    if np is not None and isinstance(time, np.datetime64):
        return str(time.astype("datetime64[ns]")) + "Z"
    if hasattr(time, "isoformat"):
        if time.tzinfo is None:
            return time.isoformat() + "Z"
        return time.isoformat()
    return datetime.datetime.fromtimestamp(time, datetime.timezone.utc).isoformat()


def plain(values: Any) -> list[Any]:
    """Returns the values of a column as JSON has them."""
    return [_value(value) for value in _list(values)]


def _value(value: Any) -> Any:
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return instant(value)
    return value


def _list(values: Any) -> list[Any]:
    if np is not None and hasattr(values, "to_numpy"):
        # Times with a zone become their instants in UTC.
        if getattr(getattr(values, "dtype", None), "tz", None) is not None:
            values = values.dt.tz_convert("UTC").dt.tz_localize(None) if hasattr(values, "dt") else values.tz_convert("UTC").tz_localize(None)
        values = values.to_numpy()
    if np is not None and isinstance(values, np.ndarray) and values.dtype.kind == "M":
        return list(values)
    return values.tolist() if hasattr(values, "tolist") else list(values)


def _instants(texts: list[Any]) -> Any:
    if np is None:
        return texts
    return np.array([None if text is None else text.rstrip("Z") for text in texts], dtype="datetime64[ns]")


def _array(values: list[Any], kind: str) -> Any:
    return values if np is None else np.array(values, dtype=kind)
