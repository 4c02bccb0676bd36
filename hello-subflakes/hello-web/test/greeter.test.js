import assert from "node:assert/strict";
import { test } from "node:test";

import { Greeter, GreetingError } from "../src/greeter.js";
import { makeModule } from "../testing/module.js";

const echo = ({ name }) => ({ status: 0, text: `<${new TextDecoder().decode(name)}>` });

test("the name goes in as UTF-8 and the greeting comes out, though the memory grew in between", () => {
  const greeter = new Greeter(makeModule(echo).exports);
  assert.equal(greeter.greet("Émilie 𝄞"), "<Émilie 𝄞>");
});

test("locale and ending go in as their codes, 0 when they are not given", () => {
  const seen = [];
  const greeter = new Greeter(
    makeModule((request) => {
      seen.push([request.locale, request.ending]);
      return { status: 0, text: "" };
    }).exports,
  );
  greeter.greet("Ada");
  greeter.greet("Ada", { locale: "es", ending: "period" });
  assert.deepEqual(seen, [
    [0, 0],
    [3, 1],
  ]);
});

test("every block goes back, after a greeting and after an error", () => {
  const module = makeModule(({ name }) => ({ status: name.length ? 0 : 1, text: "text" }));
  const greeter = new Greeter(module.exports);
  greeter.greet("Ada");
  assert.throws(() => greeter.greet(""));
  assert.equal(module.live.size, 0);
});

test("a status becomes the kind of the error, and the text its message", () => {
  const kinds = ["empty-name", "name-too-long", "control-character", "unknown-locale", "unknown-ending", "not-utf8"];
  kinds.forEach((kind, index) => {
    const greeter = new Greeter(makeModule(() => ({ status: index + 1, text: "why" })).exports);
    assert.throws(() => greeter.greet("Ada"), { name: "GreetingError", kind, message: "why" });
  });
});

test("unknown options never reach the module and say what is known", () => {
  const greeter = new Greeter(makeModule(() => assert.fail("called")).exports);
  assert.throws(() => greeter.greet("Ada", { locale: "it" }), {
    kind: "unknown-locale",
    message: "unknown locale 'it': use en, de, fr or es",
  });
  assert.throws(() => greeter.greet("Ada", { ending: "?" }), { kind: "unknown-ending" });
});

test("a lone surrogate is refused and not greeted as somebody else", () => {
  const greeter = new Greeter(makeModule(echo).exports);
  assert.throws(
    () => greeter.greet("\ud800"),
    (error) => error instanceof GreetingError && error.kind === "not-utf8",
  );
});

test("a module of another version is refused", () => {
  assert.throws(() => new Greeter(makeModule(echo, { version: 2 }).exports), /version 2, not 1/);
});
