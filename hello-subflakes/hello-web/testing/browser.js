// A headless Chromium, driven over its debugging pipe: no driver and no port. HELLO_CHROMIUM names the program.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// So that a browser that hangs fails a test and does not hang it.
const PATIENCE_MS = 120_000;

// Chromium reads commands from descriptor 3 and writes to descriptor 4; a message ends in a NUL.
const [COMMANDS, MESSAGES] = [3, 4];

export class Browser {
  #process;
  #home = mkdtempSync(join(tmpdir(), "hello-web-"));
  #waiting = new Map();
  #listeners = new Map();
  #next = 0;
  #rest = "";

  constructor(program) {
    const options = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
    this.#process = spawn(program, [...options, `--user-data-dir=${this.#home}`, "--remote-debugging-pipe", "about:blank"], {
      env: { ...process.env, HOME: this.#home, XDG_CACHE_HOME: this.#home, XDG_CONFIG_HOME: this.#home },
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    this.#process.stdio[MESSAGES].setEncoding("utf8").on("data", (text) => this.#read(text));
    this.#process.on("error", (error) => this.#fail(error));
    this.#process.on("exit", (code) => this.#fail(new Error(`${program} ended with ${code}`)));
  }

  /** What it calls itself, such as HeadlessChrome/153.0.8010.0. */
  async version() {
    return (await this.send("Browser.getVersion")).product;
  }

  /** A page that has loaded `url`. `heard` is told what happens in it from the beginning: { "Network.requestWillBeSent": … }. */
  async open(url, heard = {}) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page((method, parameters) => this.send(method, parameters, sessionId));
    for (const [event, listener] of Object.entries(heard)) this.#listeners.set(`${sessionId} ${event}`, listener);
    const domains = new Set(Object.keys(heard).map((event) => event.split(".")[0]));
    for (const domain of domains.add("Page")) await page.send(`${domain}.enable`);
    const loaded = new Promise((resolve) => this.#listeners.set(`${sessionId} Page.loadEventFired`, resolve));
    await page.send("Page.navigate", { url });
    await loaded;
    return page;
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.removeAllListeners("error");
    await this.send("Browser.close").catch(() => this.#process.kill("SIGKILL"));
    await ended;
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }

  send(method, parameters = {}, sessionId = undefined) {
    const id = (this.#next += 1);
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`${method}: no answer within ${PATIENCE_MS} ms`));
      setTimeout(late, PATIENCE_MS).unref();
      this.#waiting.set(id, { resolve, reject, method });
      this.#process.stdio[COMMANDS].write(`${JSON.stringify({ id, method, params: parameters, sessionId })}\0`);
    });
  }

  #read(text) {
    const messages = (this.#rest + text).split("\0");
    this.#rest = messages.pop();
    for (const message of messages.map((each) => JSON.parse(each))) {
      if (message.id === undefined) {
        this.#listeners.get(`${message.sessionId} ${message.method}`)?.(message.params);
        continue;
      }
      const { resolve, reject, method } = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      if (message.error) reject(new Error(`${method}: ${message.error.message}`));
      else resolve(message.result);
    }
  }

  #fail(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

class Page {
  constructor(send) {
    this.send = send;
  }

  /** The value of an expression in the page, once its promise is kept. */
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Types text where the focus is, as a keyboard does. */
  type(text) {
    return this.send("Input.insertText", { text });
  }

  /** Presses and releases Enter. */
  async enter() {
    const key = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" };
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...key });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
  }

  /** Clicks at a place of the window, in CSS pixels. */
  async click(x, y) {
    const mouse = { x, y, button: "left", clickCount: 1 };
    await this.send("Input.dispatchMouseEvent", { type: "mousePressed", ...mouse });
    await this.send("Input.dispatchMouseEvent", { type: "mouseReleased", ...mouse });
  }

  /** The page as a PNG. */
  async screenshot() {
    return Buffer.from((await this.send("Page.captureScreenshot", { format: "png" })).data, "base64");
  }
}
