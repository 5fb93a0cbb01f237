"""Arrays of numbers as text: base64 of their raw bytes."""
import base64

import numpy as np

DTYPES = {"float32": "f4", "double64": "f8", "int8": "i1", "int16": "i2", "int32": "i4", "int64": "i8"}

FORMATS = {dtype: format for format, dtype in DTYPES.items()}


def array(text, format):
    return np.frombuffer(base64.b64decode(text), dtype=DTYPES[format]).copy()


def raw(values, format):
    return base64.b64encode(np.ascontiguousarray(values, dtype=DTYPES[format]).tobytes()).decode()


def format_of(dtype):
    """The LSL name of a NumPy type."""
    return FORMATS[np.dtype(dtype).str[1:]]
