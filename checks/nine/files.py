"""What python-9p reads and writes of a served playground; says what it saw, and fails where it is not as it should be."""

import json
import sys
import threading
import urllib.request

from py9p import (
    DMDIR,
    NOFID,
    Client,
    Dir,
    RemoteError,
    Tattach,
    Tauth,
    decode_dir,
)

socket, address, token, plan_file, url = sys.argv[1:]
host, port = address.rsplit(":", 1)
OREAD, OWRITE, OTRUNC = 0, 1, 16
EXPERT = "experts/hello-py"
QUESTION = "How do I call the greeting from Python?"
shown = 0


def check(what, holds, saw=""):
    global shown
    if not holds:
        sys.exit(f"not so: {what}: {saw}")
    shown += 1
    print(f"ok: {what}")


class Files:
    """A tree as a person uses it."""

    def __init__(self, client, aname="", afid=NOFID):
        self.client = client
        self.fid = 0
        client.negotiate()
        client.attach(fid=0, uname="somebody", aname=aname, afid=afid)

    def walk(self, path):
        self.fid += 1
        names = [part for part in path.split("/") if part]
        qids = self.client.walk(0, self.fid, names)
        if len(qids) < len(names):
            raise RemoteError("file does not exist")
        return self.fid

    def open(self, path, mode):
        fid = self.walk(path)
        self.client.open(fid, mode)
        return fid

    def rest(self, fid):
        data = b""
        while part := self.client.read(fid, offset=len(data)):
            data += part
        return data

    def cat(self, path):
        fid = self.open(path, OREAD)
        try:
            return self.rest(fid).decode()
        finally:
            self.client.clunk(fid)

    def ls(self, path):
        fid = self.open(path, OREAD)
        data, entries = self.rest(fid), {}
        while data:
            size = int.from_bytes(data[:2], "little") + 2
            entry = decode_dir(data[:size])
            entries[entry.name] = entry
            data = data[size:]
        self.client.clunk(fid)
        return entries

    def echo(self, path, text, mode=OWRITE | OTRUNC, offset=0):
        fid = self.open(path, mode)
        self.client.write(fid, text.encode() + b"\n", offset=offset)
        self.client.clunk(fid)


def http(path, body=None):
    request = urllib.request.Request(url.strip() + path, body and json.dumps(body).encode())
    request.add_header("Authorization", f"Bearer {token}")
    request.add_header("Content-Type", "application/json")
    return json.load(urllib.request.urlopen(request))


local = Files(Client.connect_unix(socket))
names = set(local.ls(""))
check("ls /", names == {"experts", "tasks", "runs", "events", "snippets"}, names)
experts = local.ls("experts")
check("ls experts: directories", all(one.mode & DMDIR for one in experts.values()))
check("the playground's experts", {"hello-py", "hello-rs"} <= set(experts), set(experts))
files = set(local.ls(EXPERT))
check("ls an expert", files == {"in", "out", "status", "wait", "ctl", "pack", "contracts"}, files)
check("cat pack", "hello_py" in local.cat(f"{EXPERT}/pack"))
contracts = json.loads(local.cat(f"{EXPERT}/contracts"))
check("cat contracts", contracts["provides"], contracts)

check("idle before anything is said", local.cat(f"{EXPERT}/status") == "idle\n")
local.echo(f"{EXPERT}/in", QUESTION)
check("cat wait, after echo > in", (said := local.cat(f"{EXPERT}/wait")) == "await\n", said)
answer = local.cat(f"{EXPERT}/out")
check("cat out", "hello_py" in answer, answer)
session = http("/v1/sessions")["sessions"][0]["id"]
over_http = http(f"/v1/sessions/{session}/out")["text"]
check("the same over HTTP", over_http == answer, over_http)

# Over TCP, with a fid that the token is written to, and as the name of the tree.
client = Client.connect_tcp(host, int(port))
client.negotiate()
client.rpc(Tauth(afid=9, uname="somebody", aname=""))
client.write(9, token.encode())
client.rpc(Tattach(fid=0, afid=9, uname="somebody", aname=""))
client.clunk(9)
client.close()
remote = Files(Client.connect_tcp(host, int(port)), aname=token)
check("the same over TCP with a token", remote.cat(f"{EXPERT}/out") == answer)
try:
    Files(Client.connect_tcp(host, int(port)), aname="poag_wrong")
    sys.exit("a wrong token let in")
except RemoteError as error:
    check("a wrong token", str(error) == "authentication failed", error)

# Many readers, one of which waits, and a writer that none of them holds up.
results = []
opened = threading.Event()


def waits():
    other = Files(Client.connect_unix(socket))
    fid = other.open(f"{EXPERT}/wait", OREAD)
    opened.set()
    results.append(other.rest(fid).decode())


def reads():
    other = Files(Client.connect_unix(socket))
    results.append(all(other.cat(f"{EXPERT}/out") for _ in range(20)))


threads = [threading.Thread(target=reads) for _ in range(8)]
kept = local.open(f"{EXPERT}/out", OREAD)
for thread in threads:
    thread.start()
local.echo(f"{EXPERT}/in", "Which tests show that?")
check("it is answered while others read", local.cat(f"{EXPERT}/wait") == "await\n")
for thread in threads:
    thread.join()
check("8 readers read 20 times each", results == [True] * 8, results)
check("an open file stays as it was", local.rest(kept).decode() == answer)
check("out holds the last output", local.cat(f"{EXPERT}/out") != answer)
results.clear()
waiting = threading.Thread(target=waits)
waiting.start()
opened.wait()
local.echo(f"{EXPERT}/in", "And how is it packaged?")
waiting.join()
check("who only waits is woken", results[0] in ("running\n", "await\n"), results)

# Snippets: made, appended to, cut, removed.
fid = local.walk("snippets")
local.client.create(fid, "style", 0o600, OWRITE)
local.client.write(fid, b"Short words.\n")
local.client.clunk(fid)
length = local.ls("snippets")["style"].length
check("its length is told", length == 13, length)
local.echo("snippets/style", "No riddles.", OWRITE, length)
check("an append", local.cat("snippets/style") == "Short words.\nNo riddles.\n")
fid = local.walk("snippets/style")
same = Dir(type=0xFFFF, dev=0xFFFFFFFF, mode=0xFFFFFFFF, atime=0xFFFFFFFF, mtime=0xFFFFFFFF, length=5)
same = Dir(**{**{name: getattr(same, name) for name in same.__slots__}, "qid": type(same.qid)(0xFF, 0xFFFFFFFF, 2**64 - 1)})
local.client.wstat(fid, same)
check("cut by wstat", local.cat("snippets/style") == "Short")
local.echo("snippets/style", "Anew.")
check("cut by opening", local.cat("snippets/style") == "Anew.\n")
check("the same over HTTP", http("/v1/snippets/style")["text"] == "Anew.\n")
local.client.remove(fid)
check("removed", "style" not in local.ls("snippets"))
for trick in (["..", "..", "etc"], ["experts/hello-py"], ["snippets", "../secret"]):
    try:
        walked = local.client.walk(0, 999, trick)
        check(f"no way to {trick}", len(walked) < len(trick), walked)
    except RemoteError as error:
        check(f"no way to {trick}", str(error) == "file does not exist", error)

# One run, three ways.
run = next(iter(local.ls("runs")))
plan = json.loads(local.cat(f"runs/{run}/plan"))
check("the plan of the command line", plan == json.load(open(plan_file)), plan)
check("and of HTTP", plan == http(f"/v1/runs/{run}/plan"))
events = [json.loads(line) for line in local.cat(f"runs/{run}/events").splitlines()]
check("its events as over HTTP", events == http(f"/v1/runs/{run}/events"))
lines = local.cat("events").splitlines()
check("all events", json.loads(lines[-1])["kind"] == "runFinished", lines[-1])

# A work that nobody can do: its task as over HTTP, after each change.
task = {"id": "say-more", "title": "Say more", "expert": "hello-py", "prompt": "Say more"}
document = {"schemaVersion": 1, "request": "Say more", "tasks": [task]}
work = http("/v1/works", {"document": document, "backends": {"all": "claude-code"}})["work"]
check("ls tasks", list(local.ls("tasks")) == [f"{work}.say-more"])


def same_everywhere(what, least=0):
    # Until nothing happens between the two.
    for _ in range(100):
        before = http(f"/v1/works/{work}/events")
        status = local.cat(f"tasks/{work}.say-more/status").splitlines()
        log = [json.loads(line) for line in local.cat(f"tasks/{work}.say-more/log").splitlines()]
        view = http(f"/v1/works/{work}")["tasks"][0]
        if http(f"/v1/works/{work}/events") == before:
            break
    check(f"{what}: its state", status[0] == view["state"], (status, view))
    about = [one for one in before if "say-more" in json.dumps(one["event"])]
    check(f"{what}: its events", len(log) >= least and all(one in about for one in log), log)
    return view["state"]


same_everywhere("a task")
local.echo(f"tasks/{work}.say-more/ctl", "abandon nobody can do it")
check("echo abandon > ctl", (state := same_everywhere("a task left out", 1)) == "abandoned", state)
try:
    local.echo(f"tasks/{work}.say-more/ctl", "land")
    sys.exit("an unknown word was taken")
except RemoteError as error:
    check("an unknown word", "cannot be written here" in str(error), error)
print(f"{shown} passed, 0 failed")
