"""Speaks as an expert of a council, or as a participant of a debate, in the place of a model: reads one request, and answers with
what that place wants, at the length that a model commonly has there. Four bytes count as a token, at 3 and 15 US dollars for a
million tokens sent and received, without a cache."""

import json
import sys

# The file of each flake of the playground that says the greeting.
FILES = {
    "hello-py": "src/hello_py/__init__.py",
    "hello-rs": "src/lib.rs",
    "hello-subflakes": "acceptance/cases.json",
    "hello-wasm": "src/lib.rs",
    "hello-web": "src/greeter.js",
}
PROPOSALS = [
    "An option of the library, `polite`, that each binding passes on, off by default",
    "A second function, greet_politely, beside the first in each binding",
    "A greeting per locale, in which politeness is one more locale",
    "A policy file that the library reads, so that no binding changes",
]
SAID = "It keeps what callers have today, and what is new can be tested in each binding on its own. "

asked_text = sys.stdin.read()
asked = json.loads(asked_text)
given = asked["input"]


def council():
    """A turn: the neighbours are asked once, then edits and steps are given; without edits, where nothing is new."""
    name = asked["speaker"]
    if given["neighbors"] and not given["asked"]:
        asks = [
            {
                "to": neighbor,
                "text": f"What does {neighbor} offer for a polite greeting, and under which name?",
                "contract": None,
                "reason": f"{name} passes on what {neighbor} offers",
            }
            for neighbor in given["neighbors"]
        ]
    else:
        asks = []
    path = FILES[name]
    return {
        "schemaVersion": 1,
        "edits": [{"path": path, "action": "change", "instruction": "Pass `polite` on, false where nobody says it. " + SAID}],
        "answer": {"markdown": SAID * 3, "citations": []},
        "asks": asks,
        "verdict": {"verdict": "accept"},
        "notes": [],
        "steps": [
            {"phase": "before", "what": f"Write a test in {name} that fails: a polite greeting is asked for."},
            {"phase": "change", "what": f"Let {name} take `polite`, and keep the plain greeting as it is."},
            {"phase": "after", "what": f"Document `polite` in the README of {name}.", "proof": "nix flake check"},
        ],
    }


def debate():
    """A submission with an argument that cites a file and, later, one another; or a ballot."""
    if given["want"] == "ranking":
        return {"schemaVersion": 1, "ranking": [[choice["label"]] for choice in given["choices"]]}
    number = int(asked["speaker"].removeprefix("p")) - 1
    citations = [{"kind": "file", "path": "README.md", "lines": [1, 1]}]
    others = [one for one in given["submissions"] if one["round"] == given["round"] - 1]
    for one in others[:1]:
        citations.append({"kind": "submission", "round": one["round"], "label": one["label"]})
    argument = {"text": SAID * 4, "citations": citations}
    return {
        "schemaVersion": 1,
        "submission": {
            "position": f"{PROPOSALS[number]}\n\n{SAID * 6}",
            "arguments": [argument] * 2,
            "supports": [given["own"]] if given["own"] else [],
            "withdraws": False,
        },
    }


output = debate() if "want" in given else council()
tokens = {"inputTokens": len(asked_text.encode()) // 4, "outputTokens": len(json.dumps(output)) // 4}
usd = tokens["inputTokens"] * 3e-6 + tokens["outputTokens"] * 15e-6
json.dump({"output": output, "usage": {**tokens, "costUsd": usd}}, sys.stdout)
