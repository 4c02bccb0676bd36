"""Graphs of real flakes in one git repository, for benches/scale.

Each expert is a flake of its own: flake.nix, a README, a source file that its contract names, a role. The root flake
takes every one of them as a relative input and joins them by `follows`, as a repository of that size has to: its lock
then has a node for each flake. Left as they are (`joined=False`), the lock has a node for each path instead.
"""
import math
import os
import random
import subprocess

SHAPES = ("tree", "chain", "layered", "ladder")


def edges(shape: str, size: int) -> list[list[int]]:
    """Consumer → providers; every expert can be reached from expert 0, providers have higher numbers."""
    if shape == "tree":
        return [[c for c in (2 * i + 1, 2 * i + 2) if c < size] for i in range(size)]
    if shape == "chain":
        return [[i + 1] if i + 1 < size else [] for i in range(size)]
    if shape == "ladder":  # the kind that explodes: each depends on two in a row
        return [[p for p in (i + 1, i + 2) if p < size] for i in range(size)]
    if shape == "layered":
        chance, width = random.Random(size), max(2, math.isqrt(size))
        layers = [[0]] + [list(range(a, min(a + width, size))) for a in range(1, size, width)]
        out: list[list[int]] = [[] for _ in range(size)]
        for above, below in zip(layers, layers[1:]):
            for at, provider in enumerate(below):  # nobody is left alone
                out[above[at % len(above)]].append(provider)
            for consumer in above:
                out[consumer] = sorted({*out[consumer], *chance.sample(below, min(2, len(below)))})
        return out
    raise ValueError(shape)


def name(i: int) -> str:
    return f"e{i:04}"


def flake(i: int, providers: list[int], size: int, poag: str, joined: bool) -> str:
    root = i == 0
    lines = ["{", f'  inputs.poag.url = "{poag}";']
    taken = range(1, size) if root and joined else providers
    for p in taken:
        url = f"path:./{name(p)}" if root else f"path:../{name(p)}"
        follows = "inputs.poag.follows = \"poag\";"
        if root and joined:
            follows += "".join(f' inputs.{name(q)}.follows = "{name(q)}";' for q in EDGES[p])
        lines.append(f'  inputs.{name(p)} = {{ url = "{url}"; {follows} }};')
    lines += ["  outputs = inputs:", "    let", "      flake = inputs.poag.lib.mkPoagFlake {",
              f'        name = "{name(i)}"; src = ./.; systems = [ "x86_64-linux" ];',
              f'        role = "Owns part {i}: its reader, its writer and their tests.";',
              f'        provides.part = {{ summary = "part{i}(text) -> text"; files = [ "part{i}.py" ]; }};']
    lines += [f'        neighbors.{name(p)} = {{ expert = inputs.{name(p)}.poag; needs.part = "the text of part {p}"; }};'
              for p in providers]
    others = "builtins.removeAttrs inputs [ \"self\" \"poag\" ]"
    lines += ["      };", f"      others = {others};", "    in {", "      inherit (flake) poag apps;",
              # What nix itself costs: every flake is loaded, nothing of poag is looked at.
              f'      name = "{name(i)}";']
    if root:
        lines += ["      names = builtins.mapAttrs (_: flake: flake.name) others;",
                  "      checks.x86_64-linux = flake.checks.x86_64-linux // (inputs.poag.lib.reexportChecks others).x86_64-linux;"]
    else:
        lines.append("      inherit (flake) checks;")
    return "\n".join(lines + ["    };", "}", ""])


EDGES: list[list[int]] = []


def write(folder: str, shape: str, size: int, poag: str, joined: bool = True) -> int:
    """Writes and commits the repository; returns its number of edges."""
    global EDGES
    EDGES = edges(shape, size)
    for i, providers in enumerate(EDGES):
        place = folder if i == 0 else os.path.join(folder, name(i))
        os.makedirs(place, exist_ok=True)
        for file, text in {
            "flake.nix": flake(i, providers, size, poag, joined),
            "README.md": f"# Part {i}\n\nReads and writes part {i}. Call `part{i}(text)`.\n",
            f"part{i}.py": f"def part{i}(text):\n    \"\"\"Writes part {i}.\"\"\"\n    return text + '{i}'\n",
        }.items():
            with open(os.path.join(place, file), "w") as out:
                out.write(text)
    git(folder, "init", "-q", "-b", "main")
    commit(folder, "begin")
    return sum(map(len, EDGES))


def commit(folder: str, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=Bench", "-c", "user.email=bench@example.org", "-c", "commit.gpgsign=false",
        "commit", "-q", "-m", message)


def git(folder: str, *args: str) -> None:
    subprocess.run(["git", "-C", folder, *args], check=True, stdout=subprocess.DEVNULL)
