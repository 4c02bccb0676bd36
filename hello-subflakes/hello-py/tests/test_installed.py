"""The package as a wheel brings it to a machine. In a checkout, where nothing is installed, these are skipped."""

import os
import subprocess
import zipfile
from importlib import metadata
from pathlib import Path

import hello_py
import pytest
from hello_py import _library


def test_what_is_imported_is_what_was_installed() -> None:
    package = Path(hello_py.__file__).parent
    if package.parent.name == "src":
        pytest.skip("this is a checkout")
    assert package.parent.name == "site-packages"
    assert package / "__init__.py" in [file.locate() for file in metadata.distribution("hello-py").files or ()]
    assert _library.path().is_relative_to(package)


def test_the_wheel_is_for_one_platform_and_brings_the_library() -> None:
    if not (wheel := os.environ.get("HELLO_PY_WHEEL")):
        pytest.skip("HELLO_PY_WHEEL names no wheel")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        tags = archive.read(next(name for name in names if name.endswith("/WHEEL"))).decode()
    assert "Root-Is-Purelib: false" in tags
    assert "Tag: py3-none-" in tags and "Tag: py3-none-any" not in tags
    assert any(name.startswith("hello_py/_lib/libhello_rs.") for name in names)


def test_the_wheel_installs_a_program() -> None:
    if not (program := os.environ.get("HELLO_PY")):
        pytest.skip("HELLO_PY names no program")
    done = subprocess.run([program, "--locale", "de", "Ada"], capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stdout) == (0, "Hallo, Ada!\n")
