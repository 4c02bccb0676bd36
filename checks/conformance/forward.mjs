// Passes requests on to `poag serve` as they are, with the token that the suite cannot send: node forward.mjs PORT URL TOKEN

import http from "node:http";

const [port, url, token] = process.argv.slice(2);
const { host: there, hostname, port: to } = new URL(url);
// Whoever means this address means the server; any other name is passed on, since the suite tries some.
const meant = (text) => text?.replace(`127.0.0.1:${port}`, there).replace(`localhost:${port}`, there);

http
  .createServer((request, response) => {
    const headers = { ...request.headers, authorization: `Bearer ${token}`, host: meant(request.headers.host) };
    if (headers.origin) headers.origin = meant(headers.origin);
    const on = http.request({ hostname, port: to, path: request.url, method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    on.on("error", () => response.destroy());
    response.on("close", () => on.destroy());
    request.pipe(on);
  })
  .listen(Number(port), "127.0.0.1", () => console.log("ready"));
