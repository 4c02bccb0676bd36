// The pages of `poag serve` over the playground, in a real headless Chromium, as a person uses them: POAG_LOGIN is the link that
// the server printed. POAG_CHROMIUM names the program, POAG_PAGES where pictures are put; POAG_AXE the file of axe-core, where it
// could be had.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Browser } from "../../hello-subflakes/hello-web/testing/browser.js";

const { POAG_CHROMIUM: program, POAG_PAGES: folder, POAG_AXE: axe, POAG_LOGIN: login } = process.env;
const { origin } = new URL(login);
const DESK = { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false };
const PHONE = { width: 360, height: 740, deviceScaleFactor: 2, mobile: true };
const QUESTION = "How do I call the greeting from Python?";

const requests = [];
const complaints = [];
const heard = {
  "Network.requestWillBeSent": ({ request }) => requests.push(request.url),
  "Runtime.exceptionThrown": (thrown) => complaints.push(thrown),
  "Log.entryAdded": ({ entry }) => complaints.push(entry),
};
let browser;
let page;
before(async () => {
  browser = new Browser(program);
  page = await browser.open(origin);
  assert.match(await text(page), /open the link that poag serve printed/);
  page = await browser.open(login, heard);
});
after(() => browser?.close());

const text = (page) => page.evaluate("document.body.innerText");
const all = (selector, each) => page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map(${each})`);
// What is true of the page sooner or later, without its being loaded again by anybody but itself.
const becomes = async (expression, page_ = page) => {
  for (let left = 300; left > 0; left -= 1) {
    const value = await page_.evaluate(expression).catch(() => undefined);
    if (value) return value;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${expression} does not become true:\n${await text(page_)}`);
};
const go = async (path) => {
  await page.send("Page.navigate", { url: new URL(path, origin).href });
  await becomes(`location.pathname + location.search === ${JSON.stringify(path)} && document.readyState === "complete"`);
};
const click = async (selector) => {
  const [x, y] = await page.evaluate(`(() => {
    const one = document.querySelector(${JSON.stringify(selector)});
    one.scrollIntoView({ block: "center" });
    const { left, top, width, height } = one.getClientRects()[0];
    return [left + width / 2, top + height / 2];
  })()`);
  await page.click(x, y);
};
const size = async (size) => {
  await page.send("Emulation.setDeviceMetricsOverride", size);
  await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
};
const keep = async (name) => writeFileSync(join(folder, `serve-${name}.png`), await page.screenshot());

test("the link logs in once, and leads to the experts", async () => {
  assert.equal(await page.evaluate("location.pathname"), "/");
  assert.deepEqual(await all("tbody b:first-child", "(one) => one.textContent").then((names) => names.includes("hello-rs")), true);
  assert.match(await text(page), /hello-rs\s+stale phrase\.rs|hello-rs\s+stale/);
  const again = await browser.open(login);
  assert.match(await text(again), /this link was used/);
  await page.send("Page.bringToFront");
});

let run;
test("a question asked here shows who is asked and gives the plan, also in another window", async () => {
  const other = await browser.open(new URL("/runs", origin).href);
  assert.match(await text(other), /Nothing was asked yet/);
  await page.send("Page.bringToFront");
  await go("/ask");
  await click("#request");
  await page.type(QUESTION);
  await page.evaluate(`document.querySelector("#backend").value = "librarian"`);
  await click("button[type=submit]");
  run = await becomes(`location.pathname.startsWith("/runs/") && location.pathname`);
  await becomes(`document.body.innerText.includes("finished")`);
  assert.deepEqual(new Set(await all(".tree > li > b", "(one) => one.textContent")).has("hello-py"), true);
  assert.match(await text(page), /from hello_py import greet/);
  await becomes(`document.body.innerText.includes(${JSON.stringify(QUESTION)}) && document.body.innerText.includes("finished")`, other);
});

test("what waits for a person is in the inbox, and is answered with a click", async () => {
  await go("/inbox");
  assert.match(await text(page), /parked · .*say-more/);
  await click(".card a");
  await becomes(`location.pathname.startsWith("/board/")`);
  await becomes(`document.body.innerText.includes("say-more is parked")`);
  await click("section.card button");
  // The program that does nothing is started again, and again it is not enough: the page says so by itself.
  await becomes(`document.querySelector("tbody td:nth-child(6)").textContent === "2"`);
  await becomes(`document.body.innerText.includes("say-more is parked")`);
});

test("all of it can be read with scripts off", async () => {
  await page.send("Emulation.setScriptExecutionDisabled", { value: true });
  for (const [path, says] of [["/", /hello-web/], ["/runs", /How do I call/], [run, /from hello_py import greet/], ["/board", /say-more/], ["/ask", /takes none/]]) {
    await go(path);
    assert.match(await text(page), says, path);
  }
  await page.send("Emulation.setScriptExecutionDisabled", { value: false });
});

test("it fits a desk and a phone, axe finds nothing wrong in light and in dark", async () => {
  for (const [name, path] of [["graph", "/"], ["runs", "/runs"], ["run", run], ["board", "/board"], ["inbox", "/inbox"], ["ask", "/ask"]]) {
    await go(path);
    // A script of a test is not one of the page's own, which alone may run.
    if (axe) await page.evaluate(`${readFileSync(axe, "utf8")}; undefined`);
    for (const [device, each] of [["desk", DESK], ["phone", PHONE]]) {
      await size(each);
      assert.ok((await page.evaluate("document.documentElement.scrollWidth")) <= each.width, `${name}, ${device}`);
      for (const value of axe ? ["light", "dark"] : []) {
        await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
        const found = await page.evaluate("axe.run().then(({ violations }) => violations)");
        const wrong = found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
        assert.deepEqual(wrong, [], `${name}, ${value}, ${device}`);
      }
      await page.send("Emulation.setEmulatedMedia", { features: [] });
      await keep(`${name}-${device}`);
    }
  }
});

test("by the keyboard alone: to the content, and a question is sent", async () => {
  await size(DESK);
  await go("/ask");
  await page.evaluate(`document.querySelector(".skip").focus()`);
  assert.equal(await page.evaluate(`document.activeElement.textContent`), "To the content");
  await page.enter();
  assert.equal(await page.evaluate("location.hash"), "#content");
});

test("nothing comes from elsewhere, and nothing complains", () => {
  assert.deepEqual(requests.filter((url) => !url.startsWith(origin)), []);
  assert.deepEqual(complaints, []);
});
