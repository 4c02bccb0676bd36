// What the page does with its form, without touching the document.

import { GreetingError } from "./greeter.js";

/**
 * What to show for a filled-in form: the greeting, or an explanation with the kind of its error.
 *
 * @param {import("./greeter.js").Greeter} greeter
 * @param {FormData} fields name, locale and ending
 * @returns {{ text: string, kind?: string }}
 */
export function answer(greeter, fields) {
  try {
    const options = { locale: fields.get("locale"), ending: fields.get("ending") };
    return { text: greeter.greet(fields.get("name"), options) };
  } catch (error) {
    if (!(error instanceof GreetingError)) throw error;
    return { text: error.message, kind: error.kind };
  }
}
