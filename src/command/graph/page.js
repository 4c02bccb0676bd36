"use strict";
const graph = document.getElementById("graph");
const experts = [...graph.querySelectorAll(".expert")];
const edges = [...graph.querySelectorAll(".edge")];
const whole = { x: 0, y: 0, w: +graph.dataset.width, h: +graph.dataset.height };
let view = { ...whole };
const show = () => graph.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);

// A small graph is not blown up: nothing is drawn larger than it was meant.
const fit = () => {
  const box = graph.getBoundingClientRect();
  const w = Math.max(whole.w, box.width), h = Math.max(whole.h, box.height);
  view = { x: (whole.w - w) / 2, y: (whole.h - h) / 2, w, h };
  show();
};

const choose = () => {
  const name = decodeURIComponent(location.hash).replace(/^#expert-/, "");
  for (const expert of experts) expert.classList.toggle("chosen", expert.dataset.name === name);
  for (const edge of edges) edge.classList.toggle("near", edge.dataset.from === name || edge.dataset.to === name);
};

const find = () => {
  const words = document.getElementById("find").value.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = new Set();
  for (const expert of experts) {
    const text = `${expert.dataset.name} ${expert.dataset.contracts}`.toLowerCase();
    const hit = words.every((word) => text.includes(word));
    if (hit) kept.add(expert.dataset.name);
    expert.classList.toggle("dim", !hit);
  }
  for (const edge of edges) {
    edge.classList.toggle("dim", words.length > 0 && !(kept.has(edge.dataset.from) && kept.has(edge.dataset.to)));
  }
  return kept;
};

let held = null, moved = false;
graph.addEventListener("pointerdown", (event) => {
  held = { x: event.clientX, y: event.clientY, view: { ...view } };
  moved = false;
});
window.addEventListener("pointermove", (event) => {
  if (!held) return;
  const scale = view.w / graph.getBoundingClientRect().width;
  const dx = event.clientX - held.x, dy = event.clientY - held.y;
  if (Math.abs(dx) + Math.abs(dy) > 4) moved = true;
  if (!moved) return;
  graph.classList.add("held");
  view.x = held.view.x - dx * scale;
  view.y = held.view.y - dy * scale;
  show();
});
window.addEventListener("pointerup", () => { held = null; graph.classList.remove("held"); });
// Who drags the drawing does not choose the expert under the pointer.
graph.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);
graph.addEventListener("dragstart", (event) => event.preventDefault());
graph.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = graph.getBoundingClientRect();
  const factor = Math.exp(event.deltaY * 0.0015);
  const px = (event.clientX - box.left) / box.width, py = (event.clientY - box.top) / box.height;
  view = { x: view.x + view.w * px * (1 - factor), y: view.y + view.h * py * (1 - factor), w: view.w * factor, h: view.h * factor };
  show();
}, { passive: false });
graph.addEventListener("dblclick", fit);
document.getElementById("find").addEventListener("input", find);
document.getElementById("find").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const [first] = find();
  if (first) location.hash = `expert-${first}`;
});
window.addEventListener("hashchange", choose);
window.addEventListener("resize", fit);
fit();
choose();
