import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

import { ENDINGS, Greeter, LOCALES } from "../src/greeter.js";
import { answer } from "../src/page.js";
import { makeModule } from "../testing/module.js";

const page = new URL("../index.html", import.meta.url);
const html = readFileSync(page, "utf8");
const all = (pattern) => [...html.matchAll(pattern)].map((match) => match[1]);

function fill(name) {
  const fields = new FormData();
  fields.set("name", name);
  fields.set("locale", "de");
  fields.set("ending", "period");
  return fields;
}

test("a filled-in form is answered with the greeting", () => {
  const greeter = new Greeter(makeModule(({ locale, ending }) => ({ status: 0, text: `${locale}${ending}` })).exports);
  assert.deepEqual(answer(greeter, fill("Ada")), { text: "11" });
});

test("a name that cannot be greeted is answered with why", () => {
  const greeter = new Greeter(makeModule(() => ({ status: 1, text: "the name is empty" })).exports);
  assert.deepEqual(answer(greeter, fill("")), { text: "the name is empty", kind: "empty-name" });
});

test("a broken module is not mistaken for a bad name", () => {
  const { exports } = makeModule(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  });
  assert.throws(() => answer(new Greeter(exports), fill("Ada")), WebAssembly.RuntimeError);
});

test("the page offers every locale and every ending, by the names that the module's glue knows", () => {
  assert.deepEqual(all(/<option value="([^"]*)"/g), [...LOCALES, ...ENDINGS]);
});

test("the page has the fields that are read, and the files it names are there", () => {
  assert.deepEqual(all(/<(?:input|select) name="([^"]*)"/g), ["name", "locale", "ending"]);
  for (const file of all(/(?:src|href)="([^"]*)"/g)) {
    assert.ok(existsSync(new URL(file, page)), file);
  }
});
