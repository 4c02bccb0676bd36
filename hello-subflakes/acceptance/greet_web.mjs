// Greets with the glue and the module of a site: `node greet_web.mjs SITE < cases.json`. Prints the outcomes as JSON.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const site = resolve(process.argv[2]);
const { Greeter, GreetingError } = await import(pathToFileURL(join(site, "src", "greeter.js")));
const greeter = await Greeter.from(readFileSync(join(site, "hello_wasm.wasm")));

function outcome({ name, locale, ending }) {
  try {
    return { greeting: greeter.greet(name, { locale, ending }) };
  } catch (error) {
    if (!(error instanceof GreetingError)) throw error;
    return { error: error.kind };
  }
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(outcome)));
