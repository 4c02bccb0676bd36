// A page that greets, over the command line of hello-rs: `node card/server.js [PORT]`. HELLO_RS names that program; without
// it, it is built with cargo.

import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

const page = readFileSync(new URL("index.html", import.meta.url));
const crate = fileURLToPath(new URL("../../hello-rs", import.meta.url));
const TEXT = { "content-type": "text/plain; charset=utf-8" };

/** The program that greets: the one that is named, else one that is built here. */
export function program() {
  if (process.env.HELLO_RS) return process.env.HELLO_RS;
  execFileSync("cargo", ["build", "--quiet", "--offline"], { cwd: crate, stdio: ["ignore", "inherit", "inherit"] });
  return `${process.env.CARGO_TARGET_DIR ?? `${crate}/target`}/debug/hello-rs`;
}

/** `{ url, close }` of the page on this machine alone. */
export async function serve(greeter, port = 0) {
  const server = createServer(({ url }, response) => {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    if (pathname === "/") return response.writeHead(200, { "content-type": "text/html" }).end(page);
    if (pathname !== "/greeting") return response.writeHead(404, TEXT).end("there is nothing here\n");
    const locale = searchParams.get("locale");
    const options = locale ? ["--locale", locale] : [];
    // No shell: a name is one word, whatever it holds.
    execFile(greeter, [...options, "--", searchParams.get("name") ?? ""], (error, said, why) => {
      if (!error) return response.writeHead(200, TEXT).end(said.trim());
      const refused = typeof error.code === "number";
      response.writeHead(refused ? 422 : 500, TEXT).end(refused ? why.trim() : "hello-rs could not be started");
    });
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  const close = () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections()));
  return { url: `http://127.0.0.1:${server.address().port}/`, close };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serve(program(), Number(process.argv[2] ?? 0));
  console.log(url);
}
