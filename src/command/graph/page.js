"use strict";
const graph = document.getElementById("graph");
const experts = [...graph.querySelectorAll(".expert")];
const edges = [...graph.querySelectorAll(".edge")];
const whole = { x: 0, y: 0, w: +graph.dataset.width, h: +graph.dataset.height };
let view = { ...whole };
const show = () => graph.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);

// A small graph is not blown up: nothing is drawn larger than it was meant. A large one is not shrunk until nobody can read
// it, unless all of it is asked for: it begins with its root, at the left.
const SMALLEST = 0.6;
const fit = (all) => {
  const box = graph.getBoundingClientRect();
  const shrunk = Math.max(1, whole.w / box.width, whole.h / box.height);
  const scale = all ? shrunk : Math.min(shrunk, 1 / SMALLEST);
  const w = box.width * scale, h = box.height * scale;
  const root = graph.querySelector(".expert.root").transform.baseVal[0].matrix.f + 20;
  const middle = (size, of) => (of - size) / 2;
  view = {
    x: w < whole.w ? 0 : middle(w, whole.w),
    y: h < whole.h ? Math.max(0, Math.min(root - h / 2, whole.h - h)) : middle(h, whole.h),
    w,
    h,
  };
  show();
};

// Whoever was found elsewhere in the drawing comes to its middle.
const reveal = (expert) => {
  const { e: x, f: y } = expert.transform.baseVal[0].matrix;
  const { width, height } = expert.querySelector("rect").getBBox();
  const middle = { x: x + width / 2, y: y + height / 2 };
  const seen = (at, from, size) => at > from && at < from + size;
  if (seen(middle.x, view.x, view.w) && seen(middle.y, view.y, view.h)) return;
  view.x = middle.x - view.w / 2;
  view.y = middle.y - view.h / 2;
  show();
};

const choose = () => {
  const name = decodeURIComponent(location.hash).replace(/^#expert-/, "");
  for (const expert of experts) {
    expert.classList.toggle("chosen", expert.dataset.name === name);
    if (expert.dataset.name === name) reveal(expert);
  }
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
graph.addEventListener("dblclick", () => fit(true));
document.getElementById("find").addEventListener("input", find);
document.getElementById("find").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const [first] = find();
  if (first) location.hash = `expert-${first}`;
});
window.addEventListener("hashchange", choose);
window.addEventListener("resize", () => fit(false));
fit(false);
choose();
