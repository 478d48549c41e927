"""Writes ONNX models: the few messages of their protobuf that a graph of operators needs, with nothing but NumPy."""
import struct

import numpy as np

FLOAT, INT64, STRING, BOOL, DOUBLE = 1, 7, 8, 9, 11
_TYPES = {"f4": FLOAT, "i8": INT64, "b1": BOOL, "f8": DOUBLE}
_IR_VERSION, _OPSET, _ML_OPSET = 8, 17, 3


def model(nodes, constants, inputs, outputs, producer, version):
    """Returns the bytes of a model. Inputs and outputs: (name, type, shape), where None stands for any number of rows."""
    graph = b"".join(
        [
            *(_message(1, node) for node in nodes),
            _text(2, "mlops"),
            *(_message(5, tensor(array, name)) for name, array in constants.items()),
            *(_message(11, _value(*value)) for value in inputs),
            *(_message(12, _value(*value)) for value in outputs),
        ]
    )
    return b"".join(
        [
            _number(1, _IR_VERSION),
            _text(2, producer),
            _text(3, version),
            _message(7, graph),
            _message(8, _text(1, "") + _number(2, _OPSET)),
            _message(8, _text(1, "ai.onnx.ml") + _number(2, _ML_OPSET)),
        ]
    )


def node(kind, inputs, outputs, domain, attributes):
    """Returns a node; attributes are ints, floats, texts, lists of these, or arrays (tensors)."""
    return b"".join(
        [
            *(_text(1, name) for name in inputs),
            *(_text(2, name) for name in outputs),
            _text(4, kind),
            *(_message(5, _attribute(name, value)) for name, value in attributes.items()),
            _text(7, domain),
        ]
    )


def tensor(array, name=""):
    """Returns a tensor of a numeric array, or of an array or list of texts."""
    array = np.asarray(array)
    dims = b"".join(_number(1, size) for size in array.shape)
    if array.dtype.kind in "OU":
        data = b"".join(_message(6, text.encode("utf-8")) for text in array.ravel().tolist())
        return dims + _number(2, STRING) + data + _text(8, name)
    kind = _TYPES[array.dtype.str[1:]]
    return dims + _number(2, kind) + _text(8, name) + _message(9, np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())


def _attribute(name, value):
    head = _text(1, name)
    if isinstance(value, np.ndarray):
        return head + _message(5, tensor(value, name)) + _number(20, 4)
    if isinstance(value, str):
        return head + _text(4, value) + _number(20, 3)
    if isinstance(value, float):
        return head + _key(2, 5) + struct.pack("<f", value) + _number(20, 1)
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, 2)
    if value and isinstance(value[0], str):
        return head + b"".join(_message(9, item.encode("utf-8")) for item in value) + _number(20, 8)
    if value and isinstance(value[0], float):
        return head + _message(7, struct.pack(f"<{len(value)}f", *value)) + _number(20, 6)
    return head + _message(8, b"".join(_varint(item) for item in value)) + _number(20, 7)


def _value(name, kind, shape):
    dims = b"".join(_message(1, _text(2, "rows") if size is None else _number(1, size)) for size in shape)
    return _text(1, name) + _message(2, _message(1, _number(1, kind) + _message(2, dims)))


def _key(field, wire):
    return _varint(field << 3 | wire)


def _number(field, value):
    return _key(field, 0) + _varint(value)


def _message(field, data):
    return _key(field, 2) + _varint(len(data)) + data


def _text(field, text):
    return _message(field, text.encode("utf-8"))


def _varint(value):
    value = int(value) & 0xFFFFFFFFFFFFFFFF
    data = bytearray()
    while value > 0x7F:
        data.append(value & 0x7F | 0x80)
        value >>= 7
    data.append(value)
    return bytes(data)
