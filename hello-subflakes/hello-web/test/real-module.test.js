// The real module, where there is one: HELLO_WASM_MODULE names it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { ENDINGS, Greeter, LOCALES } from "../src/greeter.js";

const path = process.env.HELLO_WASM_MODULE;
const skip = path ? false : "HELLO_WASM_MODULE names no module";
const load = () => Greeter.from(readFileSync(path));

test("the module greets", { skip }, async () => {
  const greeter = await load();
  assert.equal(greeter.greet("  Ada "), "Hello, Ada!");
  assert.equal(greeter.greet("Ada", { locale: "es" }), "¡Hola, Ada!");
});

test("the module knows every locale and ending that the page offers", { skip }, async () => {
  const greeter = await load();
  const greetings = LOCALES.flatMap((locale) => ENDINGS.map((ending) => greeter.greet("Ada", { locale, ending })));
  assert.equal(new Set(greetings).size, LOCALES.length * ENDINGS.length);
});

test("the module explains why there is no greeting", { skip }, async () => {
  const greeter = await load();
  assert.throws(() => greeter.greet(" "), { kind: "empty-name", message: /^the name is empty/ });
  assert.throws(() => greeter.greet("x".repeat(65)), { kind: "name-too-long" });
});

test("a thousand greetings do not make the memory grow", { skip }, async () => {
  const { instance } = await WebAssembly.instantiate(readFileSync(path));
  const greeter = new Greeter(instance.exports);
  greeter.greet("Ada");
  const before = instance.exports.memory.buffer.byteLength;
  for (let i = 0; i < 1000; i += 1) greeter.greet("x".repeat(64));
  assert.equal(instance.exports.memory.buffer.byteLength, before);
});
