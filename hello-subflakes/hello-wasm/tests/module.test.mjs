// The module itself in a WebAssembly runtime, that of node: HELLO_WASM_MODULE names it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { compile, greet } from "./caller.mjs";

const module = compile(process.env.HELLO_WASM_MODULE);
const utf8 = (text) => new TextEncoder().encode(text);
const fresh = () => new WebAssembly.Instance(module).exports;

test("the module imports nothing and exports what its contract lists", () => {
  const contract = readFileSync(new URL("../docs/exports.md", import.meta.url), "utf8");
  const listed = [...contract.matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  assert.equal(listed.length, 5);
  for (const name of listed) assert.ok(exported.includes(name), name);
});

test("the version is the one in the contract", () => assert.equal(fresh().hello_abi_version(), 1));

test("a greeting has status 0, an empty name its number and its explanation", () => {
  assert.deepEqual(greet(fresh(), utf8(" Ada "), 3, 0), { status: 0, text: "¡Hola, Ada!" });
  const { status, text } = greet(fresh(), utf8(""));
  assert.equal(status, 1);
  assert.match(text, /^the name is empty/);
});

test("unknown codes and bytes that are not UTF-8 are refused", () => {
  assert.equal(greet(fresh(), utf8("Ada"), 4, 0).status, 4);
  assert.equal(greet(fresh(), utf8("Ada"), 0, 0xffffffff).status, 5);
  assert.equal(greet(fresh(), Uint8Array.of(0xff)).status, 6);
});

test("ten thousand greetings do not make the memory grow", () => {
  const exports = fresh();
  greet(exports, utf8("x".repeat(64)));
  const before = exports.memory.buffer.byteLength;
  for (let i = 0; i < 10_000; i += 1) greet(exports, utf8("x".repeat(i % 70)));
  assert.equal(exports.memory.buffer.byteLength, before);
});

test("the module answers as the same Rust does natively", { skip: !process.env.HELLO_WASM_NATIVE }, () => {
  const exports = fresh();
  for (const name of ["Ada", "", " 吴 健雄 ", "𝄞".repeat(65), "a\u0007"]) {
    for (const [locale, ending] of [[0, 0], [1, 1], [2, 0], [3, 0], [9, 0], [0, 9]]) {
      const native = execFileSync(process.env.HELLO_WASM_NATIVE, [`${locale}`, `${ending}`, name], { encoding: "utf8" });
      const { status, text } = greet(exports, utf8(name), locale, ending);
      assert.equal(`${status} ${text}\n`, native);
    }
  }
});
