// The greeting of hello-wasm for pages and scripts. The contract of the exports is hello-wasm's
// docs/exports.md.

const ABI_VERSION = 1;
const HEADER_LENGTH = 8;

// The position of a name is its code.
export const LOCALES = ["en", "de", "fr", "es"];
export const ENDINGS = ["exclamation", "period"];

// The position of a kind is its status; 0 is success.
const KINDS = [
  undefined,
  "empty-name",
  "name-too-long",
  "control-character",
  "unknown-locale",
  "unknown-ending",
  "not-utf8",
];

/** There is no greeting. `kind` names why, the same in every language binding. */
export class GreetingError extends Error {
  name = "GreetingError";

  constructor(kind, message) {
    super(message);
    this.kind = kind;
  }
}

/** Greets people by name with an instance of the module. */
export class Greeter {
  #exports;

  /** @param {WebAssembly.Exports} exports those of an instance of hello_wasm.wasm */
  constructor(exports) {
    const version = exports.hello_abi_version();
    if (version !== ABI_VERSION) {
      throw new Error(`hello_wasm.wasm has version ${version}, not ${ABI_VERSION}: deploy page and module together`);
    }
    this.#exports = exports;
  }

  /** A greeter with the module at `url`. */
  static async load(url) {
    const response = await fetch(url);
    if (!response.ok) {
      throw new Error(`${url}: ${response.status} ${response.statusText}: put hello_wasm.wasm beside the page`);
    }
    return Greeter.from(await response.arrayBuffer());
  }

  /** A greeter with the module of these bytes. */
  static async from(bytes) {
    const { instance } = await WebAssembly.instantiate(bytes);
    return new Greeter(instance.exports);
  }

  /**
   * The greeting for `name`.
   *
   * @param {string} name
   * @param {{ locale?: string, ending?: string }} [options] of LOCALES and ENDINGS
   * @returns {string}
   * @throws {GreetingError}
   */
  greet(name, { locale = "en", ending = "exclamation" } = {}) {
    const codes = [code("locale", locale, LOCALES), code("ending", ending, ENDINGS)];
    // TextEncoder would put U+FFFD in place of a lone surrogate, and greet somebody else.
    if (!name.isWellFormed()) {
      throw new GreetingError("not-utf8", "the name is not UTF-8: encode it as UTF-8");
    }
    const { status, text } = this.#call(new TextEncoder().encode(name), ...codes);
    if (status !== 0) throw new GreetingError(KINDS[status], text);
    return text;
  }

  #call(bytes, locale, ending) {
    const { hello_alloc, hello_free, hello_greet } = this.#exports;
    const block = hello_alloc(bytes.length) >>> 0;
    this.#bytes(block, bytes.length).set(bytes);
    const reply = hello_greet(block, bytes.length, locale, ending) >>> 0;
    hello_free(block, bytes.length);

    const header = new DataView(this.#exports.memory.buffer, reply, HEADER_LENGTH);
    const status = header.getUint32(0, true);
    const length = header.getUint32(4, true);
    const text = new TextDecoder().decode(this.#bytes(reply + HEADER_LENGTH, length));
    hello_free(reply, HEADER_LENGTH + length);
    return { status, text };
  }

  // Made anew each time: when the memory grows, every earlier view is detached.
  #bytes(address, length) {
    return new Uint8Array(this.#exports.memory.buffer, address, length);
  }
}

function code(option, given, known) {
  const position = known.indexOf(given);
  if (position < 0) {
    const choices = `${known.slice(0, -1).join(", ")} or ${known.at(-1)}`;
    throw new GreetingError(`unknown-${option}`, `unknown ${option} '${given}': use ${choices}`);
  }
  return position;
}
