"""What LangGraph costs with its SQLite saver, in the same shapes as benches/council.rs. Prints one JSON object.

Nodes that do nothing: one graph of many steps (a node that goes to itself, which is kinder to LangGraph than a
long chain, whose checkpoints grow with its nodes), and 50 graphs of 19 nodes in a row. Then the uneven graph."""

import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from typing import Annotated, TypedDict

from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.graph import END, START, StateGraph

REPETITIONS, LAYERS, WIDTH = 10, 6, 8


class State(TypedDict):
    count: Annotated[int, lambda a, b: a + b]


def saver(folder):
    # As its own constructor opens it: a write-ahead log.
    path = os.path.join(folder, f"{time.monotonic_ns()}.sqlite")
    return SqliteSaver(sqlite3.connect(path, check_same_thread=False))


def no_op(state):
    return {"count": 1}


def loop(steps):
    graph = StateGraph(State)
    graph.add_node("node", no_op)
    graph.add_edge(START, "node")
    graph.add_conditional_edges("node", lambda s: "node" if s["count"] < steps else END)
    return graph


def chain(nodes):
    graph = StateGraph(State)
    for at in range(nodes):
        graph.add_node(f"node{at}", no_op)
        graph.add_edge(f"node{at - 1}" if at else START, f"node{at}")
    return graph


def layered(work, took):
    def node(name):
        def run(state):
            began = time.perf_counter()
            time.sleep(work[name])
            took[name] = time.perf_counter() - began
            return {"count": 1}

        return run

    name = lambda layer, at: f"node{layer}x{at % WIDTH}"
    graph, below = StateGraph(State), {}
    for layer in reversed(range(LAYERS)):
        for at in range(WIDTH):
            this = name(layer, at)
            graph.add_node(this, node(this))
            if layer + 1 < LAYERS:
                below[this] = [name(layer + 1, at), name(layer + 1, at + 1)]
                graph.add_edge(below[this], this)
            else:
                below[this] = []
                graph.add_edge(START, this)
    return graph, below


def config(thread):
    return {"configurable": {"thread_id": str(thread)}, "recursion_limit": 5000, "max_concurrency": 64}


def main():
    times = {"long": [], "short": [], "uneven": []}
    with tempfile.TemporaryDirectory() as folder:
        for repetition in range(REPETITIONS):
            for name, graph, threads, steps in (("long", loop(1000), 1, 1000), ("short", chain(19), 50, 19)):
                app = graph.compile(checkpointer=saver(folder))
                began = time.perf_counter()
                for thread in range(threads):
                    assert app.invoke({"count": 0}, config(thread))["count"] == steps
                times[name].append((time.perf_counter() - began) * 1e6 / (threads * steps))
            chance = random.Random(repetition)
            work = {f"node{l}x{a}": chance.randint(10, 100) / 1000 for l in range(LAYERS) for a in range(WIDTH)}
            took = {}
            graph, below = layered(work, took)
            app = graph.compile(checkpointer=saver(folder))
            began = time.perf_counter()
            app.invoke({"count": 0}, config(0))
            wall = time.perf_counter() - began
            ends = {}
            for layer in reversed(range(LAYERS)):
                for at in range(WIDTH):
                    this = f"node{layer}x{at}"
                    ends[this] = took[this] + max((ends[one] for one in below[this]), default=0)
            times["uneven"].append(wall / max(ends.values()))
    json.dump(times, sys.stdout)


main()
