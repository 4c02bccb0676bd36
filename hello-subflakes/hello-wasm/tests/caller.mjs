// Calls the module as docs/exports.md says, without a browser: for the tests and the acceptance tests.

import { readFileSync } from "node:fs";

const HEADER = 8;

/** The module of a file, compiled but with no instance yet. */
export const compile = (path) => new WebAssembly.Module(readFileSync(path));

/** One call over an instance's exports: bytes and codes in, status and text out. Every block goes back. */
export function greet({ memory, hello_alloc, hello_free, hello_greet }, name, locale = 0, ending = 0) {
  const block = hello_alloc(name.length) >>> 0;
  new Uint8Array(memory.buffer, block, name.length).set(name);
  const reply = hello_greet(block, name.length, locale, ending) >>> 0;
  hello_free(block, name.length);
  const header = new DataView(memory.buffer, reply, HEADER);
  const [status, length] = [header.getUint32(0, true), header.getUint32(4, true)];
  const text = new TextDecoder("utf-8", { fatal: true }).decode(new Uint8Array(memory.buffer, reply + HEADER, length));
  hello_free(reply, HEADER + length);
  return { status, text };
}
