"""Sections of a block as arrays: NumPy's where the interpreter has NumPy, else memoryviews of the standard library."""
try:
    import numpy as np
except ImportError:
    np = None

_FORMATS = {"f8": ("d", 8), "i8": ("q", 8), "u8": ("Q", 8), "M8[ns]": ("q", 8), "?": ("?", 1), "u1": ("B", 1)}


def section(memory, kind, offset, count):
    """Returns ``count`` values of a kind (NumPy's name for it) from an offset on."""
    if np is None:
        letter, size = _FORMATS[kind]
        return memoryview(memory)[offset : offset + size * count].cast(letter)
    if count == 0:
        return np.empty(0, dtype=kind)
    return np.frombuffer(memory, dtype=kind, count=count, offset=offset)


def read_only(array):
    if np is None:
        return array.toreadonly()
    array.flags.writeable = False
    return array


def shaped(samples, shape):
    """Returns bytes as an array of that shape, without a copy."""
    return samples.cast("B", shape) if np is None else np.asarray(samples).reshape(shape)


def is_array(value):
    return np is not None and isinstance(value, np.ndarray)
