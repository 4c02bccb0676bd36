import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { program, serve } from "../card/server.js";

let site;
before(async () => (site = await serve(program())));
after(() => site.close());
const ask = (query) => fetch(`${site.url}greeting?${query}`);

test("a name is greeted with the words of hello-rs", async () => {
  const answer = await ask("name=Ada");
  assert.deepEqual([answer.status, await answer.text()], [200, "Hello, Ada!"]);
});

test("a name that cannot be greeted says why", async () => {
  const answer = await ask("name=");
  assert.equal(answer.status, 422);
  assert.match(await answer.text(), /empty-name/);
});

test("a name is one word, whatever it holds", async () => {
  const answer = await ask(`name=${encodeURIComponent("--locale <b> $(id)")}`);
  assert.equal(await answer.text(), "Hello, --locale <b> $(id)!");
});

test("where the program is missing, it says so", async () => {
  const broken = await serve("/no/such/program");
  const answer = await fetch(`${broken.url}greeting?name=Ada`);
  await broken.close();
  assert.equal(answer.status, 500);
});
