// The product that checks/design has built, as a person uses it: a real headless Chromium types a name, chooses a language and
// reads the greeting; and the mock-ups of its design are drawn.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

const built = process.env.POAG_DESIGN;
const { Browser } = await import(pathToFileURL(join(built, "hello-web/testing/browser.js")));
const { program, serve } = await import(pathToFileURL(join(built, "hello-web/card/server.js")));

let browser, site;
before(async () => {
  browser = new Browser(process.env.POAG_CHROMIUM);
  site = await serve(program());
});
after(async () => {
  await browser.close();
  await site.close();
});

/** What the page says after somebody has filled in the form and pressed the button. */
async function greeted(page, name, locale) {
  return await page.evaluate(`(async () => {
    const form = document.querySelector("#form"), output = document.querySelector("#greeting");
    output.textContent = "";
    form.elements.name.value = ${JSON.stringify(name)};
    form.elements.locale.value = ${JSON.stringify(locale)};
    form.querySelector("button").click();
    for (let waits = 0; !output.textContent && waits < 600; waits += 1) await new Promise((next) => setTimeout(next, 50));
    return [output.textContent, output.childElementCount];
  })()`);
}

test("a visitor is greeted by name, in the language that was chosen", async () => {
  const page = await browser.open(site.url);
  assert.deepEqual(await greeted(page, "Ada", "en"), ["Hello, Ada!", 0]);
  assert.deepEqual(await greeted(page, "Amélie", "de"), ["Hallo, Amélie!", 0]);
});

test("a name is shown as text, and one that cannot be greeted says why", async () => {
  const page = await browser.open(site.url);
  assert.deepEqual(await greeted(page, "<b>Ada</b>", "en"), ["Hello, <b>Ada</b>!", 0]);
  assert.match((await greeted(page, "", "en"))[0], /empty-name/);
});

test("each mock-up is drawn", async () => {
  const folder = join(built, "docs/design/mockups");
  const pictures = readdirSync(folder).filter((name) => name.endsWith(".svg"));
  assert.ok(pictures.length >= 2);
  for (const picture of pictures) {
    const page = await browser.open(pathToFileURL(join(folder, picture)).href);
    const shown = await page.evaluate(`(() => {
      const box = document.documentElement.getBBox();
      return [document.documentElement.nodeName, box.width > 0 && box.height > 0];
    })()`);
    assert.deepEqual(shown, ["svg", true], picture);
  }
});
