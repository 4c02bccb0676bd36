// What the module answers to cases: `answers.mjs MODULE < cases.json` prints answers.json.

import { readFileSync } from "node:fs";

import { compile, greet } from "../tests/caller.mjs";

// The position of a name is its code, and of an error its status, as in docs/exports.md.
const LOCALES = ["en", "de", "fr", "es"];
const ENDINGS = ["exclamation", "period"];
const ERRORS = ["", "empty-name", "name-too-long", "control-character", "unknown-locale", "unknown-ending", "not-utf8"];
const UNKNOWN = 0xffffffff;

const { exports } = new WebAssembly.Instance(compile(process.argv[2]));

function answer({ case: label, name, locale = "en", ending = "exclamation" }) {
  const codes = [LOCALES.indexOf(locale), ENDINGS.indexOf(ending)].map((code) => (code < 0 ? UNKNOWN : code));
  const { status, text } = greet(exports, bytes(name), ...codes);
  return status ? { case: label, error: ERRORS[status] } : { case: label, greeting: text };
}

// A lone surrogate of a case becomes the byte it stands for: a name that is not UTF-8.
function bytes(name) {
  return name.isWellFormed()
    ? new TextEncoder().encode(name)
    : Uint8Array.from([...name].map((character) => character.codePointAt(0) & 0xff));
}

const answers = JSON.parse(readFileSync(0, "utf8")).map(answer);
const through = `the module in node ${process.version}`;
console.log(JSON.stringify({ binding: "hello-wasm", through, answers }, null, 1));
