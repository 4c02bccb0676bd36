import assert from "node:assert/strict";
import { test } from "node:test";

import { program, serve } from "../card/server.js";

test("each language that the page offers is one of hello-rs", async () => {
  const site = await serve(program());
  const page = await (await fetch(site.url)).text();
  const offered = [...page.matchAll(/<option value="(\w+)"/g)].map(([, locale]) => locale);
  assert.deepEqual(offered, ["en", "de", "fr", "es"]);
  const greetings = await Promise.all(
    offered.map(async (locale) => (await fetch(`${site.url}greeting?name=Ada&locale=${locale}`)).text()),
  );
  await site.close();
  assert.equal(greetings[0], "Hello, Ada!");
  assert.equal(new Set(greetings).size, 4, greetings.join(", "));
});
