// What the site answers to cases: `answers.js SITE [CHROMIUM] < cases.json` prints answers.json. With a Chromium, the
// served page's own glue and module answer, in that page; else the same files, in node.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { Browser } from "../testing/browser.js";
import { serve } from "../testing/site.js";

const [folder, program] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(0, "utf8"));

// Runs in the page and in node alike.
function answer({ Greeter, GreetingError }, greeter, { case: label, name, locale, ending }) {
  try {
    return { case: label, greeting: greeter.greet(name, { locale, ending }) };
  } catch (error) {
    if (!(error instanceof GreetingError)) throw error;
    return { case: label, error: error.kind };
  }
}

async function inPage() {
  const browser = new Browser(program);
  const site = await serve(folder);
  try {
    const page = await browser.open(site.url);
    const answers = await page.evaluate(`(async () => {
      const glue = await import("./src/greeter.js");
      const greeter = await glue.Greeter.load(document.forms[0].dataset.module);
      return ${JSON.stringify(cases)}.map((each) => (${answer})(glue, greeter, each));
    })()`);
    return { through: `the page in ${await browser.version()}`, answers };
  } finally {
    await browser.close();
    await site.close();
  }
}

async function inNode() {
  const glue = await import(pathToFileURL(join(resolve(folder), "src", "greeter.js")));
  const greeter = await glue.Greeter.from(readFileSync(join(folder, "hello_wasm.wasm")));
  const answers = cases.map((each) => answer(glue, greeter, each));
  return { through: `the page's glue and the module in node ${process.version}`, answers };
}

console.log(JSON.stringify({ binding: "hello-web", ...(await (program ? inPage() : inNode())) }, null, 1));
