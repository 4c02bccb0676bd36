// A module written in JavaScript, with the memory layout of hello-wasm's docs/exports.md: it lets a test
// choose the reply and see every block. What a greeting says is not its business.

const PAGE = 65536;

/**
 * @param {(request: { name: Uint8Array, locale: number, ending: number }) => { status: number, text: string }} reply
 */
export function makeModule(reply, { version = 1 } = {}) {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const live = new Map();

  // Each block gets a page of its own, so that each one makes the memory grow.
  function allocate(length) {
    const pages = Math.ceil(length / PAGE) || 1;
    const address = memory.grow(pages) * PAGE;
    live.set(address, length);
    return address;
  }

  return {
    /** Blocks that were given and not taken back. */
    live,
    exports: {
      memory,
      hello_abi_version: () => version,
      hello_alloc: allocate,
      hello_free(address, length) {
        if (live.get(address) !== length) {
          throw new Error(`hello_free(${address}, ${length}): ${live.get(address)} bytes were given there`);
        }
        live.delete(address);
      },
      hello_greet(address, length, locale, ending) {
        const name = new Uint8Array(memory.buffer, address, length).slice();
        const { status, text } = reply({ name, locale, ending });
        const bytes = new TextEncoder().encode(text);
        const block = allocate(8 + bytes.length);
        const view = new DataView(memory.buffer, block);
        view.setUint32(0, status, true);
        view.setUint32(4, bytes.length, true);
        new Uint8Array(memory.buffer, block + 8).set(bytes);
        return block;
      },
    },
  };
}
