"""Finds and loads the shared library of hello-rs."""

import ctypes
import functools
import os
import sys
from pathlib import Path

ABI_VERSION = 1
VARIABLE = "HELLO_RS_LIBRARY"


def path() -> Path:
    """``$HELLO_RS_LIBRARY`` if it is set, else the library inside this package."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen)
    suffix = "dylib" if sys.platform == "darwin" else "so"
    return Path(__file__).parent / "_lib" / f"libhello_rs.{suffix}"


@functools.cache
def load() -> ctypes.CDLL:
    """The library, with the signatures of ``hello.h``; loaded once.

    Raises ``ImportError`` when it is missing or has another ABI version.
    """
    try:
        library = ctypes.CDLL(str(path()))
    except OSError as error:
        raise ImportError(
            f"{error}: build hello-rs with `cargo build --features ffi` and set {VARIABLE} to its library"
        ) from error
    library.hello_abi_version.argtypes = ()
    library.hello_abi_version.restype = ctypes.c_uint32
    version = library.hello_abi_version()
    if version != ABI_VERSION:
        raise ImportError(
            f"{path()} has ABI version {version}, not {ABI_VERSION}: use the hello-rs that this package was made for"
        )
    library.hello_greeting.argtypes = (
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_uint32,
        ctypes.c_uint32,
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.POINTER(ctypes.c_size_t),
    )
    library.hello_greeting.restype = ctypes.c_uint32
    return library
