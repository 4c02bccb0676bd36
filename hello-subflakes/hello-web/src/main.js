// Connects the page to the module: the only file that knows the document.

import { Greeter } from "./greeter.js";
import { answer } from "./page.js";

const form = document.querySelector("#form");
const output = document.querySelector("#greeting");
const loading = Greeter.load(form.dataset.module);
loading.catch((error) => show({ text: error.message, kind: "no-module" }));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  show(answer(await loading, new FormData(form)));
});

function show({ text, kind }) {
  // As text, never as markup: the name comes from a stranger.
  output.textContent = text;
  if (kind) output.dataset.kind = kind;
  else delete output.dataset.kind;
}
