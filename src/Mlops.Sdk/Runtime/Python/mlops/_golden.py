"""Golden cases and sample data: CSV files of a package, read and compared as the node does."""
import json
import os
from typing import NamedTuple

from ._findings import quote

CLASS_ANSWER = "label"
RELATIVE_TOLERANCE = 1e-3
ABSOLUTE_TOLERANCE = 1e-6
_MAX_ROWS = 10_000
_MAX_BYTES = 16 * 1024 * 1024


class Table(NamedTuple):
    """Rows of a CSV file with their lines. inputs: {name: column}; expected: {answer: column}."""

    file: str
    header: list
    inputs: dict
    expected: dict
    rows: list


def read(path, file, manifest, findings):
    """Reads golden cases; None when there are findings."""
    before = len(findings.all)
    table = _table(path, file, "golden", findings)
    if table is None:
        return None
    header, rows, columns = _spread(*table, manifest, findings)
    expected = _expected(columns, manifest)
    names = None if manifest.inputs is None else {name for name, _, _ in manifest.inputs}
    inputs = {
        name: at
        for name, at in columns.items()
        if (at not in expected.values() and not _is_object(name, manifest) and not (manifest.window and name == "timestamp") if names is None else name in names)
    }
    for name, _, _ in manifest.inputs or ():
        if name not in inputs:
            findings.add(1, "golden-column", f"There is no column for the input {quote(name)}.", "Add it; leave its cells empty for null.")
    if not expected:
        remedy = "Add the column 'expected'." if manifest.fields is None else f"Add the column 'expected_{manifest.fields[0][0]}'."
        findings.add(1, "golden-column", "There is no column with the expected answer.", remedy)
    _check_times(columns, manifest, "golden", findings)
    return None if len(findings.all) > before else Table(file, header, inputs, expected, rows)


def read_sample(path, file, manifest, findings, label=None, kind="sample"):
    """Reads rows to train on: a column for each input and for the label; None when there are findings."""
    before = len(findings.all)
    table = _table(path, file, kind, findings, limited=kind == "sample")
    if table is None:
        return None
    header, rows, columns = table
    label = label or manifest.label
    expected = {} if label is None or label not in columns else {CLASS_ANSWER: columns[label]}
    if label is not None and label not in columns:
        findings.add(1, f"{kind}-column", f"There is no column for the label {quote(label)}.", "Add it; leave cells empty where the truth is not known.")
    wanted = None if manifest.inputs is None else [name for name, _, _ in manifest.inputs]
    inputs = {name: at for name, at in columns.items() if name != label and name != "timestamp"} if wanted is None else {n: columns[n] for n in wanted if n in columns}
    for name in wanted or ():
        if name not in columns:
            findings.add(1, f"{kind}-column", f"There is no column for the input {quote(name)}.", "Add it; leave its cells empty for null.")
    _check_times(columns, manifest, kind, findings)
    return None if len(findings.all) > before else Table(file, header, inputs, expected, rows)


def _check_times(columns, manifest, kind, findings):
    if manifest.window is not None and manifest.window.size is not None and "timestamp" not in columns:
        findings.add(1, f"{kind}-column", "There is no column 'timestamp', and windows of time need it.", "Add it, with times such as 2026-01-31T12:00:00.020Z.")


def matches(expected, got):
    """Tells whether an answer is the expected one (a cell's text), numbers within the tolerance."""
    if got is None or (isinstance(got, float) and got != got):
        return False
    if isinstance(got, str):
        return got == expected
    if isinstance(got, bool):
        return boolean(expected) == got
    try:
        wanted = float(expected)
    except ValueError:
        return False
    return got == wanted or abs(got - wanted) <= max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * abs(wanted))


def boolean(text):
    return {"TRUE": True, "1": True, "FALSE": False, "0": False}.get(text.upper())


def _table(path, file, kind, findings, limited=True):
    if limited and os.path.getsize(path) > _MAX_BYTES:
        findings.add(None, f"{kind}-size", f"The file is longer than {_MAX_BYTES} bytes.", "A few telling rows are enough.")
        return None
    before = len(findings.all)
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as source:
        text = source.read()
    try:
        rows = list(_rows(text))
    except ValueError as error:
        findings.add(None, f"{kind}-syntax", str(error), "Close the quote; a quote inside of a value is doubled.")
        return None
    what = "case" if kind == "golden" else "row"
    if len(rows) < 2 or (limited and len(rows) > _MAX_ROWS + 1):
        problem = f"There is no {what}." if len(rows) < 2 else f"There are more than {_MAX_ROWS} {what}s."
        findings.add(None, f"{kind}-rows", problem, f"Write a line of column names and one line a {what}.")
        return None
    header = rows.pop(0)[1]
    for line, cells in rows:
        if len(cells) != len(header):
            findings.add(line, f"{kind}-cells", f"The row has {len(cells)} values where the header has {len(header)}.", "Give one value a column.")
    columns = {}
    for at, name in enumerate(header):
        name = (name or "").strip()
        if not name or name in columns:
            findings.add(1, f"{kind}-column", f"Column {at + 1} has no name of its own.", "Name each column once.")
        else:
            columns[name] = at
    return None if len(findings.all) > before else (header, rows, columns)


def _is_object(column, manifest):
    """Tells whether a column holds answers of several fields as JSON objects."""
    return column == "expected" and manifest.fields is not None and all(name != column for name, _, _ in manifest.inputs or ())


def _spread(header, rows, columns, manifest, findings):
    """Gives each field of answers that are objects a column of its own, unless it has one."""
    column = columns.get("expected")
    if column is None or not _is_object("expected", manifest) or any(name == "expected" for name, _, _ in manifest.fields):
        return header, rows, columns
    known = [name for name, _, _ in manifest.fields]
    fields = [name for name in known if f"expected_{name}" not in columns]
    columns = {**columns, **{f"expected_{name}": len(header) + at for at, name in enumerate(fields)}}
    spread = []
    for line, cells in rows:
        answer = {} if cells[column] is None else _object(cells[column])
        if answer is None:
            findings.add(
                line, "golden-value", f"The expected answer {quote(cells[column])} is no JSON object of fields.",
                'Write for example {"height": 1.5, "ok": true}, as a CSV cell in quotes and with its own quotes doubled.')
            answer = {}
        unknown = [name for name in answer if name not in known]
        if unknown:
            findings.add(line, "golden-value", f"The expected answer names {quote(unknown[0])}, which is no field of the output.", f"Its fields: {', '.join(known)}.")
        spread.append((line, [*cells, *(answer.get(name) for name in fields)]))
    return [*header, *(f"expected_{name}" for name in fields)], spread, columns


def _object(text):
    """Returns field -> text of the value, or None."""
    def refuse(constant):
        raise ValueError(constant)

    try:
        answer = json.loads(text, parse_float=str, parse_int=str, parse_constant=refuse)
    except ValueError:
        return None
    if not isinstance(answer, dict) or any(isinstance(value, (dict, list)) for value in answer.values()):
        return None
    return {name: {True: "true", False: "false"}[value] if isinstance(value, bool) else value for name, value in answer.items()}


def _expected(columns, manifest):
    names = {name for name, _, _ in manifest.inputs or ()}
    wanted = (
        {name: (f"expected_{name}", name) for name, _, _ in manifest.fields}
        if manifest.fields is not None
        else {CLASS_ANSWER: ("expected", "label", manifest.label)}
    )
    found = {}
    for answer, candidates in wanted.items():
        for name in candidates:
            if name in columns and name not in names:
                found[answer] = columns[name]
                break
    return found


def _rows(text):
    """Splits comma-separated text (RFC 4180) into (line, cells); an empty cell without quotes is None."""
    at, line, length = 0, 1, len(text)
    while at < length:
        first, cells, ended = line, [], False
        while not ended:
            if at < length and text[at] == '"':
                value, opened = [], line
                at += 1
                while True:
                    end = text.find('"', at)
                    if end < 0:
                        raise ValueError(f"Line {opened}: a quote is not closed.")
                    line += text.count("\n", at, end)
                    value.append(text[at:end])
                    at = end + 1
                    if at < length and text[at] == '"':
                        value.append('"')
                        at += 1
                    else:
                        break
                rest, at, ended = _plain(text, at)
                cells.append("".join(value) + rest)
            else:
                value, at, ended = _plain(text, at)
                cells.append(value or None)
        line += 1
        if cells != [None]:
            yield first, cells


def _plain(text, at):
    """Reads up to the next comma or end of line: (text, where it goes on, whether the row ends)."""
    comma, end = text.find(",", at), text.find("\n", at)
    end = len(text) if end < 0 else end
    if 0 <= comma < end:
        return text[at:comma], comma + 1, False
    return text[at:end].removesuffix("\r") if end < len(text) else text[at:end], end + 1, True
