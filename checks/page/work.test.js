// The page of a work that has landed, in a real headless Chromium: work.html in POAG_PAGES, read as somebody who was asleep
// while it ran. POAG_CHROMIUM names the program; POAG_AXE the file of axe-core, where it could be had.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import { Browser } from "../../hello-subflakes/hello-web/testing/browser.js";

const { POAG_CHROMIUM: program, POAG_PAGES: folder, POAG_AXE: axe } = process.env;
const DESK = { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false };
const PHONE = { width: 360, height: 740, deviceScaleFactor: 2, mobile: true };

const requests = [];
const complaints = [];
let browser;
let page;
before(async () => {
  browser = new Browser(program);
  page = await browser.open(pathToFileURL(join(folder, "work.html")).href, {
    "Network.requestWillBeSent": ({ request }) => requests.push(request.url),
    "Runtime.exceptionThrown": (thrown) => complaints.push(thrown),
    "Log.entryAdded": ({ entry }) => complaints.push(entry),
  });
});
after(() => browser?.close());

const size = async (size) => {
  await page.send("Emulation.setDeviceMetricsOverride", size);
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
};
// The text of a section: from its heading to the next.
const section = (id) =>
  page.evaluate(`(() => {
    let [text, at] = ["", document.getElementById(${JSON.stringify(id)}).nextElementSibling];
    for (; at && at.tagName !== "H2"; at = at.nextElementSibling) text += at.innerText + "\\n";
    return text;
  })()`);

test("it tells what was done, by whom, what it cost, and why it may be trusted", async () => {
  const done = await section("done");
  assert.match(done, /^5 of 5 tasks are done: \d+ files changed, \+\d+ −\d+ lines\./);
  for (const name of ["hello-rs", "hello-py", "hello-wasm", "hello-web", "hello-subflakes"]) {
    assert.match(done, new RegExp(`${name}, by ${name} \\(through command\\): `), done);
  }
  assert.match(await section("cost"), /No model was paid for.* 6 tries and \d+ reviews in .*from 20/s);
  const trust = await section("trust");
  assert.match(trust, /Your branch main moved from [0-9a-f]+ to [0-9a-f]+; yes was said by /);
  assert.match(trust, /hello-rs, by hello-rs \(through command\): tree [0-9a-f]+, 2 of 2 checks green; approved by /);
  assert.doesNotMatch(trust, /What is not proven/);
});

test("links lead somewhere, nothing is loaded, and nothing complains", async () => {
  const lost = await page.evaluate(`[...document.links].filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.href)`);
  assert.deepEqual(lost, []);
  assert.deepEqual([requests.length, complaints], [1, []]);
});

test("axe finds nothing wrong, in light and in dark, on a desk and on a phone", { skip: !axe && "axe-core could not be had" }, async () => {
  await page.evaluate(`${readFileSync(axe, "utf8")}; undefined`);
  // Also in what is opened only by a click.
  await page.evaluate(`document.querySelectorAll("details").forEach((one) => (one.open = true))`);
  for (const value of ["light", "dark"]) {
    await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
    for (const each of [DESK, PHONE]) {
      await size(each);
      const found = await page.evaluate("axe.run().then(({ violations }) => violations)");
      const wrong = found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
      assert.deepEqual(wrong, [], `${value}, ${each.width} pixels`);
    }
  }
  await page.send("Emulation.setEmulatedMedia", { features: [] });
  await page.send("Page.reload");
});

test("it fits a desk and a phone: nothing to scroll sideways but tables and code", async () => {
  for (const [name, each] of [["desk", DESK], ["phone", PHONE]]) {
    await size(each);
    assert.ok((await page.evaluate("document.documentElement.scrollWidth")) <= each.width, name);
    writeFileSync(join(folder, `work-${name}.png`), await page.screenshot());
  }
});
