"""An expert of one's own: asks every neighbour first, and then says that its README changes."""

import json
import sys

asked = json.load(sys.stdin)
turn, expert = asked["input"], asked["speaker"]
asks = [] if turn["asked"] else [
    {"to": name, "text": f"What does this mean for {name}?", "contract": None, "reason": f"{expert} builds on {name}"}
    for name in turn["neighbors"]
]
edit = {"path": "README.md", "action": "change", "instruction": f"Say what {expert} does now."}
result = {
    "schemaVersion": 1,
    "edits": [edit],
    "answer": None,
    "asks": asks,
    "verdict": {"verdict": "accept"},
    "notes": [],
}
json.dump({"output": result, "usage": {"inputTokens": 10, "outputTokens": 5}}, sys.stdout)
