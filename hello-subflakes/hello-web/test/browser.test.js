// The page in a real headless Chromium, with the real module: HELLO_CHROMIUM names the program, HELLO_SITE the folder that
// is served. HELLO_SCREENSHOT is where to put a picture of the page with its greeting.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { Browser } from "../testing/browser.js";
import { serve } from "../testing/site.js";

const { HELLO_CHROMIUM: program, HELLO_SITE: folder, HELLO_SCREENSHOT: picture } = process.env;
const skip = program && folder ? false : "HELLO_CHROMIUM and HELLO_SITE name no program and no site";

let browser;
let site;

before(async () => {
  if (skip) return;
  browser = new Browser(program);
  site = await serve(folder);
});

after(async () => {
  await browser?.close();
  await site?.close();
});

// What the page shows, as soon as it shows something.
const shown = (page) =>
  page.evaluate(`(async () => {
    const output = document.querySelector("#greeting");
    const changed = new Promise((resolve) => new MutationObserver(resolve).observe(output, { childList: true }));
    if (!output.textContent) await changed;
    return { text: output.textContent, kind: output.dataset.kind ?? null, elements: output.childElementCount };
  })()`);

async function greet(name, { locale = "en", ending = "exclamation" } = {}) {
  const page = await browser.open(site.url);
  const choices = JSON.stringify({ locale, ending });
  await page.evaluate(`Object.entries(${choices}).forEach(([name, value]) => (document.forms[0][name].value = value))`);
  await page.evaluate(`document.querySelector("input").focus()`);
  if (name) await page.type(name);
  await page.enter();
  return { page, ...(await shown(page)) };
}

test("whoever types a name and presses Enter is greeted", { skip }, async () => {
  const { page, text, kind } = await greet("Ada");
  assert.deepEqual({ text, kind }, { text: "Hello, Ada!", kind: null });
  if (picture) writeFileSync(picture, await page.screenshot());
});

test("the chosen language and ending are those of the greeting", { skip }, async () => {
  assert.equal((await greet("吴健雄", { locale: "es" })).text, "¡Hola, 吴健雄!");
  assert.equal((await greet("Ada", { locale: "fr", ending: "period" })).text, "Bonjour, Ada.");
});

test("the name field has the focus when the page opens", { skip }, async () => {
  const page = await browser.open(site.url);
  assert.equal(await page.evaluate("document.activeElement.name"), "name");
});

test("without a name the page says why, and is marked as an error", { skip }, async () => {
  const { text, kind } = await greet("");
  assert.match(text, /^the name is empty/);
  assert.equal(kind, "empty-name");
});

test("a name is shown as text and never becomes markup", { skip }, async () => {
  const name = "<img src=x onerror=alert(1)>";
  const { text, elements } = await greet(name);
  assert.deepEqual({ text, elements }, { text: `Hello, ${name}!`, elements: 0 });
});

test("a site without its module says what to do", { skip }, async () => {
  const copy = mkdtempSync(join(tmpdir(), "hello-site-"));
  cpSync(folder, copy, { recursive: true, filter: (path) => !path.endsWith(".wasm") });
  const bare = await serve(copy);
  try {
    const { text, kind } = await shown(await browser.open(bare.url));
    assert.match(text, /404.*put hello_wasm\.wasm beside the page/);
    assert.equal(kind, "no-module");
  } finally {
    await bare.close();
    rmSync(copy, { recursive: true });
  }
});
