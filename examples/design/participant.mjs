#!/usr/bin/env node
// One of four that debate, vote, design, build and review, each by its own name: a program in the place of a model. It reads
// one JSON document and writes one; what it does to files lies in does/TASK.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const asked = JSON.parse(readFileSync(0, "utf8"));

// What each proposes, why, what it is good at, and how it ranks the proposals. They go round in a circle: the server beats the
// module, the module beats the package, the package beats the server.
const SERVER = "A small server that asks the binary of hello-rs";
const MODULE = "The page of hello-web, once its module can be built";
const PACKAGE = "A page that hello-py serves";
const TABLE = "A table of greetings that is made ahead";
const PARTICIPANTS = {
  ada: { position: MODULE, because: "no server has to run", good: ["journeys", "stories"], ranking: [[MODULE], [TABLE], [PACKAGE], [SERVER]] },
  ben: { position: SERVER, because: "hello-rs greets on every machine, and a browser shows it today", good: ["mockups", "roadmap"], ranking: [[SERVER], [TABLE], [MODULE], [PACKAGE]] },
  cho: { position: PACKAGE, because: "its package brings the library with it", good: ["specification", "api"], ranking: [[SERVER, MODULE, PACKAGE], [TABLE]] },
  dee: { position: TABLE, because: "nothing is faster than a file", good: ["breakdown"], ranking: [[TABLE], [PACKAGE], [SERVER], [MODULE]] },
};

const answer = (value) => console.log(JSON.stringify({ schemaVersion: 1, ...value }));

/** A submission of a round, or the ballot. */
function debate({ want, round, own, submissions, choices }) {
  const me = PARTICIPANTS[process.env.POAG_EXPERT];
  const label = (position) => choices.find((choice) => choice.position.startsWith(position)).label;
  if (want === "ranking") return answer({ ranking: me.ranking.map((rank) => rank.map(label)) });
  const arguments_ = [{ text: me.because, citations: [{ kind: "file", path: "README.md", lines: [1, 1] }] }];
  const others = submissions.filter((one) => one.round === round - 1 && one.label !== own);
  for (const { label } of others.slice(0, 1)) {
    arguments_.push({ text: `${label} does not say why ours would be worse`, citations: [{ kind: "submission", round: round - 1, label }] });
  }
  answer({ submission: { position: me.position, arguments: arguments_, supports: own ? [own] : [], withdraws: false } });
}

/** A bid: surest where it is at home. */
function bid({ task, actor }) {
  const home = PARTICIPANTS[actor]?.good.includes(task);
  answer({ can: true, confidence: home ? 90 : 20, usd: 0, reason: home ? "it is what I do" : "if nobody else does" });
}

/** Approves a change whose checks are green. */
function review(document) {
  const red = JSON.stringify(document).includes('"green":false');
  answer({ verdict: red ? "object" : "approve", reason: red ? "its checks are not green" : "", places: [] });
}

/** A task, in the folder of its flake. The first picture cannot be drawn, so that one can see that it is not accepted. */
function work({ task, attempt }) {
  cpSync(join(here, "does", task.id), ".", { recursive: true });
  if (task.id === "mockups" && attempt === 1) {
    const picture = "docs/design/mockups/S1-greeting.svg";
    writeFileSync(picture, readFileSync(picture, "utf8").replace("</svg>", ""));
  }
  answer({ outcome: "done", summary: `${task.title}: written` });
}

if (asked.input?.want) debate(asked.input);
else if (asked.kind === "bid" || asked.input?.kind === "bid") bid(asked.input ?? asked);
else if (asked.kind === "review" || asked.input?.kind === "review") review(asked.input ?? asked);
else work(asked.task ? asked : asked.input);
