// Pages of `poag graph --html` in a real headless Chromium. POAG_CHROMIUM names the program, POAG_PAGES the folder with a page
// and its graph for each name, where pictures are put too; POAG_AXE the file of axe-core, where it could be had.

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";

import { Browser } from "../../hello-subflakes/hello-web/testing/browser.js";

const { POAG_CHROMIUM: program, POAG_PAGES: folder, POAG_AXE: axe } = process.env;
const WINDOW = { width: 1500, height: 900, deviceScaleFactor: 1, mobile: false };
const PHONE = { width: 360, height: 740, deviceScaleFactor: 2, mobile: true };

let browser;
before(() => (browser = new Browser(program)));
after(() => browser?.close());

for (const name of ["playground", "ladder"]) {
  describe(name, () => {
    const graph = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
    const experts = Object.values(graph.experts);
    const edges = experts.flatMap((expert) =>
      Object.entries(expert.neighbors).map(([provider, { contracts }]) => ({ from: expert.name, to: provider, contracts })),
    );
    const requests = [];
    const complaints = [];
    let page;

    before(async () => {
      page = await browser.open(pathToFileURL(join(folder, `${name}.html`)).href, {
        "Network.requestWillBeSent": ({ request }) => requests.push(request.url),
        "Runtime.consoleAPICalled": (call) => complaints.push(call),
        "Runtime.exceptionThrown": (thrown) => complaints.push(thrown),
        "Log.entryAdded": ({ entry }) => complaints.push(entry),
      });
      await page.send("Emulation.setDeviceMetricsOverride", WINDOW);
      await settled();
    });
    after(async () => {
      // All of it, however large.
      await page.evaluate(`graph.dispatchEvent(new MouseEvent("dblclick"))`);
      await settled();
      writeFileSync(join(folder, `${name}-whole.png`), await page.screenshot());
    });

    const settled = () => page.evaluate("new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))");
    const all = (selector, each) => page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map(${each})`);

    const shown = async () => {
      const cards = await all("article", "(card) => ({ id: card.id, shown: card.offsetParent !== null })");
      return cards.filter(({ shown }) => shown).map(({ id }) => id);
    };
    // What axe finds wrong: each rule with the elements.
    const wrong = async () => {
      await page.evaluate(`${readFileSync(axe, "utf8")}; undefined`);
      const found = await page.evaluate("axe.run().then(({ violations }) => violations)");
      return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
    };
    const press = async (key) => {
      await page.send("Input.dispatchKeyEvent", { type: "keyDown", key, code: key });
      await page.send("Input.dispatchKeyEvent", { type: "keyUp", key, code: key });
      await settled();
    };

    test("it opens with the expert that is asked, and the drawing fills its window", async () => {
      assert.deepEqual(await shown(), [`expert-${graph.root}`]);
      assert.deepEqual(await all(".expert.chosen", "(box) => box.dataset.name"), [graph.root]);
      const [drawn] = await all("#graph", `(svg) => {
        const { width, height, bottom } = svg.getBoundingClientRect();
        const scale = svg.getScreenCTM().a;
        return { width, height, bottom, w: svg.dataset.width * scale, h: svg.dataset.height * scale, scale };
      }`);
      assert.equal(Math.round(drawn.bottom), WINDOW.height);
      const filled = Math.max(drawn.w / drawn.width, drawn.h / drawn.height);
      assert.ok(filled > 0.98 || drawn.scale >= 1.99, JSON.stringify(drawn));
    });

    test("whoever is not fresh is named with the files that changed", async () => {
      const listed = await all(".stale-list li", `(line) => ({
        name: line.querySelector("a").textContent, files: [...line.querySelectorAll("code")].map((file) => file.textContent),
      })`);
      const local = experts.filter(({ location, freshness: { status } }) => status === "stale" || (status === "unlearned" && location.kind === "local"));
      const meant = local.map(({ name, freshness: { files } }) => ({ name, files: [...files.changed, ...files.added, ...files.removed].slice(0, 12) }));
      assert.deepEqual(listed, meant);
      if (name === "playground") assert.deepEqual(listed, [{ name: "hello-rs", files: ["src/phrase.rs"] }]);
    });

    test("axe finds nothing wrong, in light and in dark, on a desk and on a phone", { skip: !axe && "axe-core could not be had" }, async () => {
      for (const value of ["light", "dark"]) {
        await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
        for (const size of [WINDOW, PHONE]) {
          await page.send("Emulation.setDeviceMetricsOverride", size);
          await settled();
          assert.deepEqual(await wrong(), [], `${value}, ${size.width} pixels`);
        }
      }
      await page.send("Emulation.setEmulatedMedia", { features: [] });
      await page.send("Emulation.setDeviceMetricsOverride", WINDOW);
      await settled();
    });

    test("it fits a phone: nothing to scroll sideways, the drawing and the card below it", async () => {
      await page.send("Emulation.setDeviceMetricsOverride", PHONE);
      await settled();
      const [width] = await all("html", "(html) => html.scrollWidth");
      assert.equal(width, PHONE.width);
      const [drawing] = await all("#graph", "(svg) => svg.getBoundingClientRect().toJSON()");
      const [panel] = await all("#panel", "(panel) => panel.getBoundingClientRect().toJSON()");
      assert.ok(drawing.width === PHONE.width && drawing.height > PHONE.height / 3, JSON.stringify(drawing));
      assert.ok(panel.top >= drawing.bottom - 1 && panel.top < PHONE.height && panel.width === PHONE.width, JSON.stringify(panel));
      assert.deepEqual(await shown(), [`expert-${graph.root}`]);
      writeFileSync(join(folder, `${name}-phone.png`), await page.screenshot());
      await page.send("Emulation.setDeviceMetricsOverride", WINDOW);
      await settled();
    });

    test("keys alone choose an expert, go along an edge and back, and show the whole drawing", async () => {
      await page.evaluate(`document.querySelector(".expert.root").focus()`);
      const focused = () => page.evaluate("document.activeElement.dataset?.name");
      await press("ArrowRight");
      const provider = await focused();
      assert.ok(edges.some(({ from, to }) => from === graph.root && to === provider), provider);
      await page.enter();
      await settled();
      assert.deepEqual(await shown(), [`expert-${provider}`]);
      await press("ArrowLeft");
      const consumer = await focused();
      assert.ok(edges.some(({ from, to }) => from === consumer && to === provider), consumer);
      await page.evaluate(`document.getElementById("all").focus()`);
      await page.enter();
      await settled();
      const outside = await all(".expert rect", `(box) => {
        const [inner, outer] = [box, graph].map((shape) => shape.getBoundingClientRect());
        return inner.left >= outer.left - 1 && inner.right <= outer.right + 1 && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
      }`);
      assert.ok(outside.every(Boolean), "all of it can be seen");
      await page.evaluate(`location.hash = ""`);
      await page.send("Emulation.setDeviceMetricsOverride", { ...WINDOW, width: WINDOW.width - 1 });
      await page.send("Emulation.setDeviceMetricsOverride", WINDOW);
      await settled();
    });

    test("every expert has its box, and the stale ones say so", async () => {
      const drawn = await all(".expert", `(box) => ({
        name: box.dataset.name, stale: box.classList.contains("stale"), text: [...box.querySelectorAll("text")].map((t) => t.textContent),
      })`);
      const meant = experts.map(({ name, freshness: { status } }) => ({
        name, stale: status === "stale", text: status === "fresh" ? [name] : [name, status],
      }));
      const byName = (a, b) => (a.name < b.name ? -1 : 1);
      assert.deepEqual(drawn.sort(byName), meant.sort(byName));
      const stale = meant.filter(({ stale }) => stale).map(({ name }) => name);
      if (name === "playground") assert.deepEqual(stale, ["hello-rs"]);
    });

    test("every edge has its line, with its contracts on it", async () => {
      const lines = await all(".edge path", "({ parentNode: { dataset: { from, to } } }) => `${from} → ${to}`");
      assert.deepEqual(lines.sort(), edges.map(({ from, to }) => `${from} → ${to}`).sort());
      const texts = await all(".edge text", `(text) => {
        const { from, to } = text.parentNode.dataset;
        return [from, to, text.textContent, getComputedStyle(text).visibility];
      }`);
      for (const { from, to, contracts } of edges) {
        const [, , text, visibility] = texts.find((one) => one[0] === from && one[1] === to);
        assert.equal(visibility, "visible");
        assert.ok(contracts.join(", ").startsWith(text.replace(/…$/, "")), `${from} → ${to}: ${text}`);
      }
    });

    test("no text touches another one or a box that is not its own, and none is cut", async () => {
      const shapes = await all(".expert rect, .expert text, .edge text", `(shape) => {
        const { x, y, width, height } = shape.getBBox();
        const toWindow = shape.getScreenCTM();
        const [from, to] = [new DOMPoint(x, y), new DOMPoint(x + width, y + height)].map((point) => point.matrixTransform(toWindow));
        const owner = shape.parentNode.dataset.name;
        return { what: owner ?? shape.textContent, owner, box: shape.tagName === "rect", x: from.x, y: from.y, right: to.x, bottom: to.y };
      }`);
      const apart = (a, b) => a.right <= b.x || b.right <= a.x || a.bottom <= b.y || b.bottom <= a.y;
      const within = (a, b) => a.x >= b.x && a.right <= b.right && a.y >= b.y && a.bottom <= b.bottom;
      const touching = [];
      shapes.forEach((one, at) => {
        for (const other of shapes.slice(at + 1)) {
          const [box, text] = one.box ? [one, other] : [other, one];
          const own = box.box && !text.box && box.owner === text.owner;
          if (own ? !within(text, box) : !apart(one, other)) touching.push([one, other]);
        }
      });
      assert.deepEqual(touching, []);
      const [drawing] = await all("#graph", `({ dataset }) => {
        const toWindow = graph.getScreenCTM();
        const [from, to] = [new DOMPoint(0, 0), new DOMPoint(+dataset.width, +dataset.height)].map((p) => p.matrixTransform(toWindow));
        return { x: from.x, right: to.x, y: from.y, bottom: to.y };
      }`);
      const outside = shapes.filter((one) => !within(one, drawing));
      assert.deepEqual(outside, []);
    });

    test("a click on an expert shows its role and its contracts, and marks its edges", async () => {
      const expert = experts.find(({ name }) => name === (graph.experts["hello-rs"] ? "hello-rs" : "e0003"));
      const [place] = await all(`.expert[data-name="${expert.name}"] rect`, `(box) => {
        const { x, y, width, height } = box.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }`);
      await page.click(place.x, place.y);
      await settled();
      const cards = await all("article", "(card) => ({ id: card.id, shown: card.offsetParent !== null, text: card.innerText })");
      const [card, ...others] = cards.filter(({ shown }) => shown);
      assert.equal(card.id, `expert-${expert.name}`);
      assert.deepEqual(others, []);
      const words = (text) => text.replace(/\s+/g, " ").trim();
      assert.ok(words(card.text).includes(words(expert.role).slice(0, 60)), card.text);
      for (const [contract, { summary }] of Object.entries(expert.provides)) {
        assert.ok(card.text.includes(contract) && words(card.text).includes(words(summary)), contract);
      }
      const near = await all(".edge.near path", "({ parentNode: { dataset: { from, to } } }) => [from, to]");
      assert.equal(near.length, edges.filter(({ from, to }) => [from, to].includes(expert.name)).length);
      writeFileSync(join(folder, `${name}.png`), await page.screenshot());
    });

    test("the root is there to be read when the page opens", async () => {
      const [size] = await all(".expert.root text", "(text) => 14 * text.getScreenCTM().a");
      assert.ok(size >= 8, `${size} px`);
    });

    test("what is looked for stays bright, everything else is dimmed, and who was found comes into sight", async () => {
      const last = experts.at(-1).name;
      await page.evaluate(`document.getElementById("find").focus()`);
      await page.type(last);
      const bright = await all(".expert:not(.dim)", "(box) => box.dataset.name");
      assert.deepEqual(bright, [last]);
      await page.enter();
      await settled();
      assert.equal(await page.evaluate("location.hash"), `#expert-${last}`);
      const [middle] = await all(".expert.chosen rect", `(box) => {
        const [inner, outer] = [box, graph].map((shape) => shape.getBoundingClientRect());
        return { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2, left: outer.left, right: outer.right, height: outer.bottom };
      }`);
      assert.ok(middle.x > middle.left && middle.x < middle.right && middle.y < middle.height, "whoever was found can be seen");
    });

    test("no request left the page, and the browser had nothing to complain about", () => {
      assert.equal(requests.length, 1, requests.join("\n"));
      assert.deepEqual(complaints, []);
    });
  });
}
