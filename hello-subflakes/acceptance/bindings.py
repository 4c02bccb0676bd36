"""How to ask each language binding for greetings: all cases in, all outcomes out."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from outcome import ENDINGS, ERRORS, LOCALES, Outcome

Case = dict[str, Any]
Binding = Callable[[list[Case]], list[Outcome]]

EXIT_NO_GREETING = 65
UNKNOWN_CODE = 0xFFFFFFFF


def command_line(program: Path) -> Binding:
    """hello-rs and hello-py: the same command line, one process for each case."""

    def one(case: Case) -> Outcome:
        chosen = [key for key in ("locale", "ending") if key in case]
        options = [word for key in chosen for word in (f"--{key}", case[key])]
        done = _run([program, *options, "--", case["name"]])
        if done.returncode == 0:
            return Outcome(greeting=_line(done.stdout))
        if done.returncode == EXIT_NO_GREETING:
            return Outcome(error=done.stderr.decode().split(": ")[1])
        raise RuntimeError(f"{program} exited with {done.returncode}: {done.stderr.decode()}")

    return lambda cases: [one(case) for case in cases]


def exports(program: Path) -> Binding:
    """hello-wasm: its exports called natively, with codes in place of names."""

    def code(known: tuple[str, ...], name: str) -> str:
        return str(known.index(name) if name in known else UNKNOWN_CODE)

    def one(case: Case) -> Outcome:
        locale = code(LOCALES, case.get("locale", "en"))
        ending = code(ENDINGS, case.get("ending", "exclamation"))
        done = _run([program, locale, ending, case["name"]])
        if done.returncode != 0:
            raise RuntimeError(f"{program} exited with {done.returncode}: {done.stderr.decode()}")
        status, _, text = _line(done.stdout).partition(" ")
        return Outcome(error=ERRORS[int(status)]) if status != "0" else Outcome(greeting=text)

    return lambda cases: [one(case) for case in cases]


def page(site: Path) -> Binding:
    """hello-web: the glue of the page with the module beside it, in one node process."""

    def all_of(cases: list[Case]) -> list[Outcome]:
        script = Path(__file__).parent / "greet_web.mjs"
        done = _run(["node", script, site], json.dumps(cases).encode())
        if done.returncode != 0:
            raise RuntimeError(f"node exited with {done.returncode}: {done.stderr.decode()}")
        return [Outcome.of(result) for result in json.loads(done.stdout)]

    return all_of


def _run(command: list[Any], text: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    # A lone surrogate of a case becomes the byte it stands for: a name that is not UTF-8.
    words = [os.fsencode(word) for word in command]
    return subprocess.run(words, input=text, capture_output=True, check=False)


def _line(raw: bytes) -> str:
    return raw.decode().removesuffix("\n")
