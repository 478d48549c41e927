"""Reads ``workflow.yaml`` by the node's rules, in the node's words (Workflows/Manifests in the SDK)."""
import math
import re
from typing import NamedTuple, Optional

from . import _paths, _yaml
from ._findings import Finding, FindingList, hint, quote

FILE = "workflow.yaml"
INPUT_TYPES = ("number", "integer", "text", "boolean", "image")
FIELD_TYPES = ("number", "integer", "text", "boolean")
KEYS = (
    "name", "version", "description", "runtime", "inputs", "label", "output",
    "parameters", "fill", "isolation", "timeouts", "window", "requirements", "golden", "sample", "split",
)
_MAX_NAME = 64
_MAX_COLUMN_NAME = 256
_MAX_COLUMNS = 10_000
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_MAX_DURATION = 30 * 86400
MAX_ROWS = 10_000
DEFAULT_ROWS = 128
_WINDOW = "Write for example 'window: {size: 4s, hop: 2s, step: 20ms}' or 'window: {size: 120 records, hop: 60 records}'."
_VERSION = re.compile(
    r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)"
    r"(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?"
    r"(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?"
)


class Window(NamedTuple):
    """How records are put together. Times are in nanoseconds; size and hop are None where the other unit counts."""

    rows: int
    size: Optional[int]
    hop: Optional[int]
    hop_rows: Optional[int]
    late: int
    gap: Optional[int]
    label: str


class Manifest:
    """The content of workflow.yaml, with defaults filled in."""

    name = version = runtime = description = ""
    inputs = None  # [(name, type, unit)]; None stands for "*"
    label = None
    classes = None
    fields = None  # [(name, type, unit)]
    golden = None
    sample = None
    window = None
    fill = "last"

    def __init__(self):
        self.defaults = {}
        self.parameters = {}
        self.requirements = []

    @property
    def title(self):
        return f"'{self.name}' {self.version}"


def read(text):
    """Returns (manifest, findings); the manifest is None when there are findings."""
    findings = FindingList(FILE)
    root = _yaml.read(text, findings)
    manifest = None
    if isinstance(root, _yaml.Mapping):
        manifest = _Reader(root, findings).manifest()
    elif root is not None:
        findings.add(root.line, "wrong-type", f"The manifest is {root.what} where keys with values are expected.", "Begin with 'name: my-workflow'.")
    return (None, sorted(findings.all, key=lambda f: f.line or 0)) if findings.all else (manifest, [])


def read_file(data):
    """Reads the bytes of a manifest."""
    if len(data) > _yaml.MAX_LENGTH:
        return None, [Finding(FILE, None, "yaml-size", f"The file has more than {_yaml.MAX_LENGTH} bytes.", "Shorten it; data belongs into other files of the package.")]
    try:
        return read(data.decode("utf-8").lstrip("\ufeff"))
    except UnicodeDecodeError:
        return None, [Finding(FILE, None, "yaml-encoding", "The file is not UTF-8.", "Save it as UTF-8.")]


class _Keys:
    """Takes known keys from a mapping; what is unknown or given twice becomes a finding at once."""

    def __init__(self, mapping, place, known, findings):
        self.line, self._place, self._findings, self._values = mapping.line, place or "The manifest", findings, {}
        for key, value in mapping.entries:
            if key.text not in known:
                remedy = f"{hint(key.text, known).lstrip()} Known: {', '.join(known)}.".lstrip()
                findings.add(key.line, "unknown-key", f"{self._place} has no key {quote(key.text)}.", remedy)
            elif key.text in self._values:
                findings.add(key.line, "duplicate-key", f"The key '{key.text}' is given twice.", "Keep one of them.")
            else:
                self._values[key.text] = value

    def raw(self, key):
        return self._values.get(key)

    def find(self, key):
        node = self._values.get(key)
        return None if isinstance(node, _yaml.Scalar) and node.is_null else node

    def require(self, key, remedy):
        node = self.find(key)
        if node is None:
            raw = self.raw(key)
            self._findings.add(self.line if raw is None else raw.line, "required-key", f"{self._place} lacks '{key}'.", remedy)
        return node

    def text(self, key, node, remedy):
        if node is None or isinstance(node, _yaml.Scalar):
            return node
        self._findings.add(node.line, "wrong-type", f"'{key}' is {node.what} where a text is expected.", remedy)
        return None


class _Reader:
    def __init__(self, root, findings):
        self._findings = findings
        self._top = _Keys(root, "", KEYS, findings)
        self._defaults = {}

    def manifest(self):
        manifest = Manifest()
        manifest.inputs = self._inputs()
        manifest.label = self._optional("label", "Name the column or label set that holds the truth.")
        if manifest.label is not None and any(name == manifest.label for name, _, _ in manifest.inputs or ()):
            self._findings.add(
                self._top.find("label").line, "label-is-input", f"The label {quote(manifest.label)} is also an input, so the model would see the truth.", "Remove it from inputs.")
        manifest.window = self._window(manifest.inputs)
        manifest.requirements = self._requirements()
        self._timeouts()
        manifest.name = self._name()
        manifest.version = self._version()
        manifest.description = (self._optional("description", "Say in a sentence what it does.") or "").strip()
        manifest.runtime = self._runtime()
        manifest.classes, manifest.fields = self._output()
        manifest.parameters = self._parameters()
        manifest.fill = self._fill(manifest.inputs)
        manifest.defaults = self._defaults
        self._isolation()
        self._split()
        manifest.golden = self._csv("golden")
        manifest.sample = self._csv("sample")
        return manifest

    def _optional(self, key, remedy):
        scalar = self._top.text(key, self._top.find(key), remedy)
        return None if scalar is None else scalar.text

    def _name(self):
        remedy = "Use lower case letters, digits and '-', beginning with a letter or digit, for example 'name: pcb-quality'."
        scalar = self._top.text("name", self._top.require("name", "Add 'name: my-workflow'."), remedy)
        if scalar is None:
            return ""
        name = scalar.text
        if len(name) > _MAX_NAME:
            self._findings.add(scalar.line, "name", f"The name has {len(name)} characters, more than {_MAX_NAME}.", "Shorten it.")
        elif not re.fullmatch("[a-z0-9][a-z0-9-]*", name):
            self._findings.add(scalar.line, "name", f"The name {quote(name)} is not allowed.", remedy)
        elif _paths.is_device(name):
            self._findings.add(scalar.line, "name", f"The name {quote(name)} is a device on Windows.", "Choose another name.")
        return name

    def _version(self):
        remedy = "Write major.minor.patch, for example 1.0.0 or 1.1.0-beta.1."
        scalar = self._top.text("version", self._top.require("version", "Add 'version: 1.0.0'."), remedy)
        if scalar is None:
            return ""
        if len(scalar.text) > 100 or not _VERSION.fullmatch(scalar.text):
            self._findings.add(scalar.line, "version", f"{quote(scalar.text)} is not a semantic version.", remedy)
        return scalar.text

    def _runtime(self):
        scalar = self._top.text("runtime", self._top.require("runtime", "Add 'runtime: python'."), "Name one runtime, for example 'runtime: python'.")
        if scalar is None:
            return ""
        if not re.fullmatch("[a-z0-9-]*", scalar.text):
            self._findings.add(scalar.line, "runtime", f"{quote(scalar.text)} is not the name of a runtime.", "Name one runtime in lower case, for example python or onnx.")
        return scalar.text

    def _inputs(self):
        remedy = "Write a list such as '- {name: a, type: number}', or \"*\" for every column except the label."
        node = self._top.require("inputs", f"Add 'inputs:'. {remedy}")
        if node is None or (isinstance(node, _yaml.Scalar) and node.text == "*"):
            return None
        if isinstance(node, _yaml.Sequence) and node.items:
            return self._columns(node, "input", INPUT_TYPES)
        self._findings.add(node.line, "inputs", f"'inputs' is {'an empty list' if isinstance(node, _yaml.Sequence) else node.what}.", remedy)
        return None

    def _columns(self, node, what, types):
        remedy = f"Write '- {{name: a, type: {types[0]}}}'."
        columns, seen = [], {}
        if len(node.items) > _MAX_COLUMNS:
            self._findings.add(node.line, f"{what}s", f"There are {len(node.items)} {what}s, more than {_MAX_COLUMNS}.", "Split the workflow.")
        for item in node.items[:_MAX_COLUMNS]:
            article = "An input" if what == "input" else "A field"
            if not isinstance(item, _yaml.Mapping):
                self._findings.add(item.line, "wrong-type", f"{article} is {item.what} where a name and a type are expected.", remedy)
                continue
            keys = _Keys(item, article, ("name", "type", "unit", "default") if what == "input" else ("name", "type", "unit"), self._findings)
            name = self._column_name(keys, what, remedy)
            kind = self._column_type(keys, what, types)
            unit = keys.text("unit", keys.find("unit"), "Write for example 'unit: mm'.")
            if kind is not None and self._default(keys, kind, name or ""):
                self._defaults[name] = _typed(keys.find("default"))[0]
            if name is not None and name in seen:
                self._findings.add(item.line, f"duplicate-{what}", f"The {what} {quote(name)} is given twice, first in line {seen[name]}.", "Keep one of them.")
                continue
            if name is not None:
                seen[name] = item.line
                if kind is not None:
                    columns.append((name, kind, None if unit is None else unit.text))
        return columns

    def _default(self, keys, kind, name):
        """Tells whether an input has a default that fits."""
        node = keys.find("default")
        if node is None:
            return False
        value, problem = _typed(node) if isinstance(node, _yaml.Scalar) else (None, "no scalar")
        what, example, types = {
            "number": ("number", "default: 0.5", (int, float)),
            "integer": ("whole number", "default: 0", (int,)),
            "boolean": ("boolean", "default: false", (bool,)),
        }.get(kind, ("text", 'default: "unknown"', (str,)))
        if not problem and type(value) in types:
            return True
        self._findings.add(node.line, "input-default", f"The default of input {quote(name)} is {node.what}, which is no {what}.", f"Write for example '{example}'.")
        return False

    def _column_name(self, keys, what, remedy):
        scalar = keys.text("name", keys.require("name", remedy), remedy)
        if scalar is None:
            return None
        if not scalar.text.strip() or len(scalar.text) > _MAX_COLUMN_NAME or _paths.has_control(scalar.text):
            self._findings.add(scalar.line, f"{what}-name", f"The name {quote(scalar.text)} is not allowed.", f"Use 1 to {_MAX_COLUMN_NAME} printable characters.")
        return scalar.text

    def _column_type(self, keys, what, types):
        remedy = f"Known: {', '.join(types)}."
        scalar = keys.text("type", keys.require("type", f"Add 'type: {types[0]}'. {remedy}"), remedy)
        if scalar is None:
            return None
        if scalar.text in types:
            return scalar.text
        self._findings.add(scalar.line, f"{what}-type", f"The type {quote(scalar.text)} is not known.", f"{hint(scalar.text, types).lstrip()} {remedy}".lstrip())
        return None

    def _output(self):
        remedy = "Write either '{classes: [good, bad]}' or '{fields: [{name: score, type: number}]}'."
        node = self._top.require("output", "Add 'output: {classes: [good, bad]}' or 'output: {fields: [{name: score, type: number}]}'.")
        if node is None:
            return None, None
        if not isinstance(node, _yaml.Mapping):
            self._findings.add(node.line, "output", f"'output' is {node.what}.", remedy)
            return None, None
        keys = _Keys(node, "'output'", ("classes", "fields"), self._findings)
        classes, fields = keys.find("classes"), keys.find("fields")
        if (classes is None) == (fields is None):
            self._findings.add(node.line, "output", "'output' has neither classes nor fields." if classes is None else "'output' has both classes and fields.", remedy)
        return None if classes is None else self._classes(classes), None if fields is None else self._fields(fields)

    def _classes(self, node):
        classes = []
        if not isinstance(node, _yaml.Sequence):
            self._findings.add(
                node.line, "wrong-type", f"'classes' is {node.what} where a list is expected.", "Write for example 'classes: [good, bad]', or [] for the classes that training meets.")
        for item in node.items if isinstance(node, _yaml.Sequence) else ():
            if not isinstance(item, _yaml.Scalar) or not item.text:
                self._findings.add(item.line, "wrong-type", f"A class is {item.what} where a text is expected.", "Name the class.")
            elif item.text in classes:
                self._findings.add(item.line, "duplicate-class", f"The class {quote(item.text)} is given twice.", "Keep one of them.")
            else:
                classes.append(item.text)
        return classes

    def _fields(self, node):
        if isinstance(node, _yaml.Sequence) and node.items:
            return self._columns(node, "field", FIELD_TYPES)
        what = "an empty list" if isinstance(node, _yaml.Sequence) else node.what
        self._findings.add(node.line, "wrong-type", f"'fields' is {what}.", "Write for example 'fields: [{name: score, type: number}]'.")
        return []

    def _parameters(self):
        parameters, node = {}, self._top.find("parameters")
        if node is not None and not isinstance(node, _yaml.Mapping):
            self._findings.add(node.line, "wrong-type", f"'parameters' is {node.what} where names with defaults are expected.", "Write for example 'parameters: {trees: 100}'.")
        for key, value in node.entries if isinstance(node, _yaml.Mapping) else ():
            problem, default = f"It is {value.what}.", None
            if isinstance(value, _yaml.Scalar):
                default, problem = _typed(value)
            if not key.text.strip():
                self._findings.add(key.line, "parameter", "A parameter has no name.", "Write 'name: default'.")
            elif problem:
                self._findings.add(
                    value.line, "parameter", f"The default of parameter {quote(key.text)} is not usable: {problem}", "Give a text, a whole number, a number, true, false or null.")
            elif key.text in parameters:
                self._findings.add(key.line, "duplicate-key", f"The parameter {quote(key.text)} is given twice.", "Keep one of them.")
            else:
                parameters[key.text] = default
        return parameters

    def _fill(self, inputs):
        node = self._top.raw("fill")
        if node is not None and not (isinstance(node, _yaml.Scalar) and node.text in ("last", "null", "Null", "NULL", "skip", "default")):
            self._findings.add(node.line, "fill", f"'fill' is {node.what}.", "Write last (the default), null, skip or default.")
        elif node is not None and node.text == "default":
            listed = self._top.find("inputs")
            without = [quote(name) for name, _, _ in inputs or () if name not in self._defaults][:10]
            if isinstance(listed, _yaml.Scalar) and listed.text == "*":
                self._findings.add(node.line, "fill-default", "'fill' is default, and inputs that are not listed have none.", "List the inputs, each with its default.")
            elif without:
                self._findings.add(
                    node.line, "fill-default", f"'fill' is default, and these inputs have none: {', '.join(without)}.", "Add 'default: 0' or another value to each, or choose another fill.")
        return node.text.lower() if isinstance(node, _yaml.Scalar) else "last"

    def _isolation(self):
        node = self._top.find("isolation")
        if node is not None and not (isinstance(node, _yaml.Scalar) and (node.text == "worker" or _boolean(node) is not None)):
            self._findings.add(
                node.line, "isolation", f"'isolation' is {node.what}.", "Write true or worker for a process of its own, false (the default) to leave it to the node.")

    def _split(self):
        node = self._top.find("split")
        if node is None:
            return
        remedy = "Write for example 'split: {kind: time, heldOut: 0.2}'; kinds are random (the default), time, and group with the field of the groups."
        if not isinstance(node, _yaml.Mapping):
            self._findings.add(node.line, "wrong-type", f"'split' is {node.what} where keys with values are expected.", remedy)
            return
        keys = _Keys(node, "'split'", ("kind", "heldOut", "seed", "field"), self._findings)
        kind, part, seed, field = (keys.find(key) for key in ("kind", "heldOut", "seed", "field"))
        if kind is not None and not (isinstance(kind, _yaml.Scalar) and kind.text in ("random", "time", "group")):
            self._findings.add(kind.line, "split", f"The kind of the split is {kind.what}.", remedy)
        value = _typed(part)[0] if isinstance(part, _yaml.Scalar) else None
        if part is not None and not (isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < 1):
            self._findings.add(part.line, "split", f"The part to be held out is {part.what}.", remedy)
        value = _typed(seed)[0] if isinstance(seed, _yaml.Scalar) else None
        if seed is not None and (not isinstance(value, int) or isinstance(value, bool)):
            self._findings.add(seed.line, "split", f"The seed of the split is {seed.what}.", remedy)
        keys.text("field", field, remedy)
        by_group = isinstance(kind, _yaml.Scalar) and kind.text == "group"
        if by_group != (field is not None):
            self._findings.add(keys.line, "split-field", "'split' by group lacks 'field'." if by_group else "'split' has a field and is not by group.", remedy)

    def _timeouts(self):
        node = self._top.find("timeouts")
        if node is None:
            return
        if not isinstance(node, _yaml.Mapping):
            self._findings.add(node.line, "wrong-type", f"'timeouts' is {node.what} where keys with values are expected.", "Write for example 'timeouts: {train: 2h, predict: 500ms}'.")
            return
        keys = _Keys(node, "'timeouts'", ("train", "predict"), self._findings)
        remedy = "Write a number with its unit (ms, s, m, h, d), from 1ms to 30d, for example 500ms, 90s or 2h."
        for key in ("train", "predict"):
            scalar = keys.text(key, keys.find(key), remedy)
            if scalar is not None and not _is_duration(scalar.text):
                self._findings.add(scalar.line, "duration", f"The timeout of {key} is {quote(scalar.text)}.", remedy)

    def _window(self, inputs):
        node = self._top.find("window")
        if node is None:
            return None
        if not isinstance(node, _yaml.Mapping):
            self._findings.add(node.line, "wrong-type", f"'window' is {node.what} where keys with values are expected.", _WINDOW)
            return None
        for name, kind in [(name, kind) for name, kind, _ in inputs or () if kind in ("text", "image")][:1]:
            self._findings.add(node.line, "window-input", f"The input {quote(name)} is {kind}, and windows hold numbers.", "Remove it from inputs, or remove 'window'.")
        keys = _Keys(node, "'window'", ("size", "hop", "step", "late", "gap", "label"), self._findings)
        size = self._extent(keys, "size", keys.require("size", _WINDOW))
        hop = self._extent(keys, "hop", keys.find("hop")) or size
        step, late, gap = (self._window_time(keys, key) for key in ("step", "late", "gap"))
        label = keys.find("label")
        if label is not None and not (isinstance(label, _yaml.Scalar) and label.text in ("majority", "last", "whole")):
            self._findings.add(label.line, "window-label", f"The window's label is {label.what}.", "Write majority (the default), last or whole.")
        if size is None or hop is None:
            return None
        is_time = size[0] is not None
        if is_time != (hop[0] is not None):
            self._findings.add(keys.find("hop").line, "window-hop", "One of the window's size and hop is a time, the other a number of records.", _WINDOW)
        for key in () if is_time else ("step", "late"):
            if keys.find(key) is not None:
                self._findings.add(keys.find(key).line, f"window-{key}", f"The window is a number of records and has '{key}'.", "Remove it, or give the size as a time.")
        rows = self._window_rows(size[0], step, keys) if is_time else size[1]
        return Window(rows, size[0], hop[0], hop[1], late or 0, gap, "majority" if label is None else getattr(label, "text", ""))

    def _window_rows(self, size, step, keys):
        if step is None:
            return DEFAULT_ROWS
        rows = round(size / step)
        if not 1 <= rows <= MAX_ROWS:
            self._findings.add(keys.find("step").line, "window-rows", f"The window would have {rows} rows.", f"Give a size and a step with 1 to {MAX_ROWS} rows.")
        elif abs(size / rows / step - 1) > 1e-3:
            self._findings.add(keys.find("step").line, "window-step", "The window's size is no multiple of its step.", "Give a step that divides the size, for example 20ms for 4s.")
        return rows

    def _extent(self, keys, key, node):
        """Returns (nanoseconds, None) or (None, records)."""
        remedy = "Write a time such as 4s, or a number of records such as 120 records."
        scalar = keys.text(key, node, remedy)
        if scalar is None:
            return None
        count = scalar.text[: -len("records")].rstrip(" ") if scalar.text.endswith("records") else scalar.text
        if re.fullmatch("[0-9]+", count):
            if len(count) < 10 and 1 <= int(count) <= MAX_ROWS:
                return None, int(count)
            self._findings.add(scalar.line, "window-rows", f"The window's {key} is {quote(scalar.text)}.", f"Give 1 to {MAX_ROWS} records.")
        elif _is_duration(scalar.text):
            return _nanoseconds(scalar.text), None
        else:
            self._findings.add(scalar.line, "window-extent", f"The window's {key} is {quote(scalar.text)}.", remedy)
        return None

    def _window_time(self, keys, key):
        remedy = "Write a number with its unit (ms, s, m, h, d), from 1ms to 30d, for example 500ms."
        scalar = keys.text(key, keys.find(key), remedy)
        if scalar is None:
            return None
        if _is_duration(scalar.text):
            return _nanoseconds(scalar.text)
        self._findings.add(scalar.line, "duration", f"The window's {key} is {quote(scalar.text)}.", remedy)
        return None

    def _requirements(self):
        node = self._top.find("requirements")
        if node is not None and not isinstance(node, _yaml.Sequence):
            self._findings.add(node.line, "wrong-type", f"'requirements' is {node.what} where a list is expected.", "Write for example 'requirements: [scikit-learn>=1.2]'.")
        found = []
        for item in node.items if isinstance(node, _yaml.Sequence) else ():
            if not isinstance(item, _yaml.Scalar) or item.is_null:
                self._findings.add(item.line, "wrong-type", f"A requirement is {item.what} where a text is expected.", "Write for example 'scikit-learn>=1.2'.")
            elif not REQUIREMENT.fullmatch(item.text):
                self._findings.add(
                    item.line, "requirement", f"{quote(item.text)} is not a requirement.", "Write a name and versions, for example 'scikit-learn>=1.2,<2'; URLs, extras and markers are not supported.")
            else:
                found.append(item.text)
        return found

    def _csv(self, key):
        remedy = f"Name a CSV file of the package, for example '{key}: {key}.csv'."
        scalar = self._top.text(key, self._top.find(key), remedy)
        if scalar is None:
            return None
        if not scalar.text.lower().endswith(".csv") or _paths.check(scalar.text) is not None:
            self._findings.add(scalar.line, key, f"'{key}' is {quote(scalar.text)}.", remedy)
        return scalar.text


REQUIREMENT = re.compile(r" *[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])? *((==|!=|<=|>=|<|>|~=) *[0-9A-Za-z.*+!-]+ *(, *(==|!=|<=|>=|<|>|~=) *[0-9A-Za-z.*+!-]+ *)*)?")


def _boolean(scalar):
    if scalar.quoted:
        return None
    return {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}.get(scalar.text)


def _typed(scalar):
    """Returns (value, problem): the type that YAML's core schema gives a scalar."""
    text = scalar.text
    if scalar.is_null:
        return None, ""
    if scalar.quoted:
        return text, ""
    if _boolean(scalar) is not None:
        return _boolean(scalar), ""
    if text in (".inf", ".Inf", ".INF", "+.inf", "-.inf", ".nan", ".NaN", ".NAN"):
        return None, f"{text} is no finite number."
    if re.fullmatch("[+-]?[0-9]+", text):
        return (int(text), "") if -(2**63) <= int(text) < 2**63 else (None, f"{quote(text)} does not fit into 64 bits.")
    if re.fullmatch("0x[0-9a-fA-F]{1,16}", text):
        value = int(text, 16)
        return value - 2**64 if value >= 2**63 else value, ""
    if re.fullmatch("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?", text):
        value = float(text)
        return (value, "") if math.isfinite(value) else (None, f"{quote(text)} is no finite number.")
    return text, ""


def _is_duration(text):
    match = re.fullmatch(r"([0-9]+\.?[0-9]*|\.[0-9]+)\s*(ms|s|m|min|h|d)\s*", text)
    return match is not None and 0.001 <= float(match.group(1)) * _UNITS[match.group(2)] <= _MAX_DURATION


def _nanoseconds(text):
    match = re.fullmatch(r"([0-9]+\.?[0-9]*|\.[0-9]+)\s*(ms|s|m|min|h|d)\s*", text)
    # In steps of 100 ns, as the node keeps times.
    return round(float(match.group(1)) * _UNITS[match.group(2)] * 10_000_000) * 100
