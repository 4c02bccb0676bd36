// The Streamable HTTP transport of the Model Context Protocol before a server that speaks it on standard input and output:
// each session gets a process of its own, and every message passes as it is. node bridge.mjs PORT COMMAND ARGS…

import { randomUUID } from "node:crypto";
import express from "express";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";

const [port, command, ...args] = process.argv.slice(2);
const sessions = new Map();

const open = async () => {
  const server = new StdioClientTransport({ command, args, env: process.env, stderr: "inherit" });
  const client = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, client),
    enableDnsRebindingProtection: true,
    allowedHosts: [`127.0.0.1:${port}`, `localhost:${port}`],
  });
  // Notifications about a request belong to its stream.
  const tokens = new Map();
  client.onmessage = (message) => {
    const token = message.params?._meta?.progressToken;
    if (token !== undefined) tokens.set(token, message.id);
    server.send(message);
  };
  server.onmessage = (message) => client.send(message, { relatedRequestId: tokens.get(message.params?.progressToken) });
  client.onclose = () => server.close();
  await server.start();
  await client.start();
  return client;
};

const app = express();
app.use(express.json({ limit: "4mb" }));
app.all("/mcp", async (request, response) => {
  const known = sessions.get(request.headers["mcp-session-id"]);
  await (known ?? (await open())).handleRequest(request, response, request.body);
});
app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
