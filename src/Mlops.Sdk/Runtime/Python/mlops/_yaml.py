"""Reads the YAML that manifests are written in, with the line of every node; needs no package.

One document of mappings, lists and scalars in block and flow style. Anchors, aliases and tags are refused, as the node refuses
them, and size, depth and number of nodes are bounded.
"""
import re

from ._findings import quote

MAX_LENGTH = 1024 * 1024
_MAX_DEPTH = 16
_MAX_NODES = 100_000
_REMEDY = "Correct the line or the one before; indentation is by blanks, and text with ': ' or a leading '*' needs quotes."
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}
_HEX = {"x": 2, "u": 4, "U": 8}


class Node:
    __slots__ = ("line",)


class Scalar(Node):
    __slots__ = ("text", "quoted")

    def __init__(self, line, text, quoted=False):
        self.line, self.text, self.quoted = line, text, quoted

    @property
    def is_null(self):
        return not self.quoted and self.text in ("", "~", "null", "Null", "NULL")

    @property
    def what(self):
        return "nothing" if self.is_null else quote(self.text)


class Sequence(Node):
    __slots__ = ("items",)
    what = "a list"

    def __init__(self, line, items):
        self.line, self.items = line, items


class Mapping(Node):
    __slots__ = ("entries",)
    what = "a mapping"

    def __init__(self, line, entries):
        self.line, self.entries = line, entries


class _Refused(Exception):
    def __init__(self, line, rule, problem, remedy=_REMEDY):
        self.told = line, rule, problem, remedy


def read(text, findings):
    """Returns the root of the one document; None when it cannot be read, then a finding says why."""
    if len(text) > MAX_LENGTH:
        findings.add(None, "yaml-size", f"The file has {len(text)} characters, more than {MAX_LENGTH}.", "Shorten it; data belongs into other files of the package.")
        return None
    try:
        root = _Parser(text).document()
    except _Refused as refused:
        findings.add(*refused.told)
        return None
    if root is None:
        findings.add(1, "yaml-empty", "The file is empty.", "Write at least name, version, runtime, inputs and output.")
    return root


class _Parser:
    def __init__(self, text):
        self._text = re.sub("\r\n?|\x85|\u2028|\u2029", "\n", text.lstrip("\ufeff"))
        self._at = 0
        self._nodes = 0

    def document(self):
        self._skip()
        if self._peek() == "%":
            raise self._syntax("directives (%) are not supported")
        if self._marker("---"):
            self._at += 3
            self._skip()
        if self._at >= len(self._text):
            return None
        root = self._block(-1, 0)
        self._skip()
        if self._marker("..."):
            self._at += 3
            self._skip()
        if self._marker("---"):
            raise _Refused(self._line(), "yaml-documents", "A second document begins here.", "Keep one document a file; remove '---'.")
        if self._at < len(self._text):
            raise self._syntax("it goes on where the document should end")
        return root

    # Where we are

    def _peek(self, ahead=0):
        at = self._at + ahead
        return self._text[at] if at < len(self._text) else ""

    def _line(self, at=None):
        return self._text.count("\n", 0, self._at if at is None else at) + 1

    def _column(self):
        return self._at - (self._text.rfind("\n", 0, self._at) + 1)

    def _marker(self, mark):
        return self._column() == 0 and self._text.startswith(mark, self._at) and self._peek(3) in ("", " ", "\n", "\t")

    def _syntax(self, problem):
        return _Refused(self._line(), "yaml-syntax", f"This is not YAML: {problem}.")

    def _blanks(self):
        while self._peek() in (" ", "\t") and self._peek():
            self._at += 1

    def _skip(self):
        """Goes to the next thing that is neither blank nor comment."""
        while True:
            began = self._at
            self._blanks()
            character = self._peek()
            if character == "#" and (self._at == 0 or self._text[self._at - 1] in " \t\n"):
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            elif character == "\n":
                self._at += 1
            else:
                if character and self._column() == self._at - began and "\t" in self._text[began : self._at]:
                    raise self._syntax("a tab indents the line")
                return

    def _end_of_line(self):
        self._blanks()
        return self._peek() in ("", "\n") or (self._peek() == "#" and self._text[self._at - 1] in " \t")

    def _count(self, depth):
        line = self._line()
        if depth > _MAX_DEPTH:
            raise _Refused(line, "yaml-depth", f"The document is nested more than {_MAX_DEPTH} deep.", "A manifest needs 4 levels.")
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise _Refused(line, "yaml-size", f"The document has more than {_MAX_NODES} values.", "Shorten it; data belongs into other files of the package.")
        if self._peek() in ("&", "*") and self._peek():
            raise _Refused(line, "yaml-alias", "Anchors (&) and aliases (*) are not supported.", "Write the value out, and text that begins with '*' or '&' in quotes.")
        if self._peek() == "!":
            tag = re.compile(r"\S*").match(self._text, self._at).group()
            tag = "tag:yaml.org,2002:" + tag[2:] if tag.startswith("!!") else tag
            raise _Refused(line, "yaml-tag", f"Tags such as {quote(tag)} are not supported.", "Remove the tag.")
        return line

    # Block style

    def _block(self, parent, depth):
        """Reads the node here; what belongs to it is indented more than the parent's column."""
        line = self._count(depth)
        if self._dash():
            return self._items(depth)
        if self._peek() == "?" and self._peek(1) in (" ", "\n", ""):
            raise _Refused(line, "yaml-key", "A key is a list or a mapping.", "Keys are plain names.")
        if self._is_key():
            return self._entries(depth)
        return self._value(parent, depth, line)

    def _value(self, parent, depth, line):
        character = self._peek()
        if character in ("[", "{"):
            node = self._flow(depth)
            if not self._end_of_line():
                raise self._key_or_syntax(line)
            return node
        if character in ("|", ">"):
            return self._literal(parent, line)
        if character in ("'", '"'):
            node = self._quoted(line)
            if not self._end_of_line():
                raise self._syntax("text follows a quoted one")
            return node
        return self._plain(parent, line)

    def _key_or_syntax(self, line):
        if self._peek() == ":":
            return _Refused(line, "yaml-key", "A key is a list or a mapping.", "Keys are plain names.")
        return self._syntax("text follows the closing bracket")

    def _dash(self):
        return self._peek() == "-" and self._peek(1) in (" ", "\n", "\t", "")

    def _items(self, depth):
        line, column, items = self._line(), self._column(), []
        while self._column() == column and self._dash() and self._at < len(self._text) and not self._marker("---"):
            at = self._line()
            self._at += 1
            items.append(self._child(column, depth, at, compact=True))
            if not self._next_is(column):
                break
        return Sequence(line, items)

    def _entries(self, depth):
        line, column, entries = self._line(), self._column(), []
        while True:
            at = self._count(depth + 1)
            if not self._is_key():
                raise self._syntax("a key with ': ' is expected")
            key = self._quoted(at) if self._peek() in "'\"" else Scalar(at, self._plain_line(flow=False))
            self._blanks()
            self._at += 1
            entries.append((key, self._child(column, depth, at, compact=False)))
            if not self._next_is(column):
                return Mapping(line, entries)

    def _next_is(self, column):
        self._skip()
        if self._at >= len(self._text) or self._marker("---") or self._marker("...") or self._column() < column:
            return False
        if self._column() > column:
            raise self._syntax("the indentation does not match")
        return True

    def _child(self, column, depth, line, compact):
        """Reads what follows a dash or a key."""
        if not self._end_of_line():
            if compact:
                return self._block(column, depth + 1)
            self._count(depth + 1)
            if self._dash():
                raise self._syntax("a list does not begin on the line of its key")
            return self._value(column, depth + 1, line)
        self._skip()
        inside = self._column() > column or (not compact and self._column() == column and self._dash())
        if self._at >= len(self._text) or not inside or self._marker("---") or self._marker("..."):
            return Scalar(line, "")
        return self._block(column, depth + 1)

    def _is_key(self):
        at = self._at
        try:
            if self._peek() in ("'", '"'):
                self._quoted(0)
                if "\n" in self._text[at : self._at]:
                    return False
            elif self._peek() in ("[", "{", "|", ">"):
                return False
            else:
                self._plain_line(flow=False)
            self._blanks()
            return self._peek() == ":" and self._peek(1) in ("", " ", "\t", "\n")
        except _Refused:
            return False
        finally:
            self._at = at

    def _plain_line(self, flow):
        """Reads plain text up to its end in this line."""
        start = self._at
        first = self._peek()
        if first in ",[]{}#|>%@`" or (first in "-?:" and self._peek(1) in ("", " ", "\t", "\n") + ((",", "[", "]", "{", "}") if flow else ())):
            raise self._syntax(f"text cannot begin with {quote(first)}")
        while self._at < len(self._text):
            character, after = self._peek(), self._peek(1)
            if character == "\n" or (character == "#" and self._at > start and self._text[self._at - 1] in " \t"):
                break
            if character == ":" and (after in ("", " ", "\t", "\n") or (flow and after in ",[]{}")):
                break
            if flow and character in ",[]{}":
                break
            self._at += 1
        return self._text[start : self._at].rstrip(" \t")

    def _plain(self, parent, line):
        parts = [self._plain_line(flow=False)]
        while True:
            if self._peek() == ":":
                raise self._syntax("a second ': ' in the line, or a mapping where text goes on")
            before = self._at
            if self._peek() == "#":
                break
            empty = self._fold_newlines()
            if self._at >= len(self._text) or self._column() <= parent or self._peek() == "#" or self._marker("---") or self._marker("..."):
                self._at = before
                break
            parts.append("\n" * empty if empty else " ")
            start = self._at
            while self._peek() not in ("", "\n") and not (self._peek() == "#" and self._text[self._at - 1] in " \t"):
                if self._peek() == ":" and self._peek(1) in ("", " ", "\t", "\n"):
                    raise self._syntax("a mapping where text goes on")
                self._at += 1
            parts.append(self._text[start : self._at].rstrip(" \t"))
        return Scalar(line, "".join(parts))

    def _fold_newlines(self):
        """Goes to the next line with something on it; returns how many empty ones lie between."""
        count = -1
        while True:
            self._blanks()
            if self._peek() != "\n":
                return max(0, count)
            self._at += 1
            count += 1

    def _literal(self, parent, line):
        style = self._peek()
        header = re.compile(r"[|>](?:([1-9])([+-]?)|([+-]?)([1-9]?))[ \t]*(?:#[^\n]*)?(?=\n|$)").match(self._text, self._at)
        if header is None:
            raise self._syntax(f"'{style}' begins a text of several lines and ends its own line")
        chomp, given = header.group(2) or header.group(3), header.group(1) or header.group(4)
        self._at = header.end() + 1
        lines, indent = [], max(0, parent) + int(given) if given else None
        while self._at < len(self._text):
            end = self._text.find("\n", self._at)
            end = len(self._text) if end < 0 else end
            text = self._text[self._at : end]
            width = len(text) - len(text.lstrip(" "))
            if text.strip(" "):
                if indent is None:
                    indent = width
                if width < indent or width <= parent:
                    break
            lines.append(text[indent:] if indent is not None else "")
            self._at = end + 1
        self._at = min(self._at, len(self._text))
        if self._at and self._at < len(self._text):
            self._at -= 1
        trailing = 0
        while lines and not lines[-1]:
            lines.pop()
            trailing += 1
        body = "\n".join(lines) if style == "|" else _fold(lines)
        end = "" if chomp == "-" or not lines else "\n"
        return Scalar(line, body + end + ("\n" * trailing if chomp == "+" else ""), quoted=True)

    # Flow style

    def _flow(self, depth):
        opening = self._peek()
        line = self._line()
        self._at += 1
        if opening == "[":
            return Sequence(line, self._flow_items("]", depth, self._flow_item))
        return Mapping(line, self._flow_items("}", depth, self._flow_entry))

    def _flow_items(self, closing, depth, read):
        items = []
        while True:
            self._skip()
            if self._peek() == closing:
                self._at += 1
                return items
            if not self._peek():
                raise self._syntax(f"'{closing}' is missing")
            items.append(read(depth + 1))
            self._skip()
            if self._peek() == ",":
                self._at += 1
            elif self._peek() != closing:
                raise self._syntax(f"',' or '{closing}' is expected")

    def _flow_item(self, depth):
        line = self._line()
        node = self._flow_node(depth)
        self._skip()
        if self._peek() != ":":
            return node
        if not isinstance(node, Scalar):
            raise _Refused(line, "yaml-key", "A key is a list or a mapping.", "Keys are plain names.")
        return Mapping(line, [(node, self._flow_value(depth + 1, line))])

    def _flow_entry(self, depth):
        line = self._line()
        key = self._flow_node(depth)
        if not isinstance(key, Scalar):
            raise _Refused(line, "yaml-key", "A key is a list or a mapping.", "Keys are plain names.")
        self._skip()
        return key, self._flow_value(depth, line) if self._peek() == ":" else Scalar(line, "")

    def _flow_value(self, depth, line):
        self._at += 1
        self._skip()
        return Scalar(line, "") if self._peek() in (",", "]", "}") else self._flow_node(depth)

    def _flow_node(self, depth):
        line = self._count(depth)
        if self._peek() in ("[", "{"):
            return self._flow(depth)
        if self._peek() in ("'", '"'):
            return self._quoted(line)
        parts = [self._plain_line(flow=True)]
        while self._peek() == "\n":
            before = self._at
            empty = self._fold_newlines()
            if self._peek() in ("", ",", "]", "}", "[", "{", "#", ":"):
                self._at = before
                break
            parts.append("\n" * empty if empty else " ")
            parts.append(self._plain_line(flow=True))
        return Scalar(line, "".join(parts))

    def _quoted(self, line):
        closing = self._peek()
        self._at += 1
        text = []
        while True:
            character = self._peek()
            if not character:
                raise _Refused(self._line(), "yaml-syntax", "This is not YAML: a quote is not closed.")
            if character == "\n":
                while text and text[-1] in (" ", "\t"):
                    text.pop()
                empty = self._fold_newlines()
                text.append("\n" * empty if empty else " ")
                continue
            self._at += 1
            if character == closing:
                if closing == "'" and self._peek() == "'":
                    self._at += 1
                    text.append("'")
                    continue
                return Scalar(line, "".join(text), quoted=True)
            text.append(self._escape() if character == "\\" and closing == '"' else character)

    def _escape(self):
        code = self._peek()
        self._at += 1
        if code == "\n":
            self._blanks()
            return ""
        if code in _HEX:
            digits = self._text[self._at : self._at + _HEX[code]]
            if re.fullmatch(f"[0-9a-fA-F]{{{_HEX[code]}}}", digits) and int(digits, 16) <= 0x10FFFF:
                self._at += len(digits)
                return chr(int(digits, 16))
        elif code in _ESCAPES:
            return _ESCAPES[code]
        raise self._syntax(f"'\\{code}' is no escape")


def _fold(lines):
    text = ""
    for index, line in enumerate(lines):
        if index == 0:
            text = line
        elif not line:
            text += "\n"
        elif lines[index - 1] and not line.startswith((" ", "\t")) and not lines[index - 1].startswith((" ", "\t")):
            text += " " + line
        else:
            text += ("" if text.endswith("\n") else "\n") + line
    return text
