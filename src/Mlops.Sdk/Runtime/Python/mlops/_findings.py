"""What is wrong with a package: file, line, rule, problem and remedy, in the words of the node."""
import unicodedata
from typing import NamedTuple, Optional

_MAX_QUOTED = 60
_MAX_TEXT = 500


class Finding(NamedTuple):
    """One thing that is wrong. The rule is a stable name."""

    file: str
    line: Optional[int]
    rule: str
    problem: str
    remedy: str

    def __str__(self):
        return f"{self.file}{'' if self.line is None else f':{self.line}'}: {self.rule}: {self.problem} {self.remedy}"


class PackageError(Exception):
    """A package, or something said about it, is wrong. Carries all findings."""

    def __init__(self, findings):
        self.findings = list(findings)
        super().__init__("\n".join(map(str, self.findings)))


class FindingList:
    """Collects what is wrong with one file."""

    def __init__(self, file):
        self.file = file
        self.all = []

    def add(self, line, rule, problem, remedy):
        self.all.append(Finding(self.file, line, rule, _shorten(problem), _shorten(remedy)))


def quote(value):
    """Quotes a value of a file for a message: one line, of bounded length."""
    line = "".join("?" if unicodedata.category(c) == "Cc" else c for c in value[: _MAX_QUOTED + 1])
    return f"'{line[:_MAX_QUOTED]}…'" if len(line) > _MAX_QUOTED else f"'{line}'"


def hint(name, known):
    """Returns `` Did you mean 'name'?`` with a leading blank, or nothing."""
    best, edits = None, None
    for candidate in known:
        if len(name) > 100 or len(candidate) > 100:
            continue
        distance = _distance(name.upper(), candidate.upper())
        if edits is None or distance < edits:
            best, edits = candidate, distance
    return f" Did you mean '{best}'?" if best is not None and edits <= max(1, len(name) // 3) else ""


def _distance(a, b):
    """Levenshtein's distance, with a swap of neighbours counted as one edit."""
    rows = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            same = a[i - 1] == b[j - 1]
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[len(a)][len(b)]


def _shorten(text):
    return text[:_MAX_TEXT] + "…" if len(text) > _MAX_TEXT else text
