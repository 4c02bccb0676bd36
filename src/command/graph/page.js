"use strict";
const graph = document.getElementById("graph");
const experts = [...graph.querySelectorAll(".expert")];
const edges = [...graph.querySelectorAll(".edge")];
const whole = { x: 0, y: 0, w: +graph.dataset.width, h: +graph.dataset.height };
let view = { ...whole };
const show = () => graph.setAttribute("viewBox", `${view.x} ${view.y} ${view.w} ${view.h}`);

// A small graph fills its window, but no text gets larger than a heading. A large one is not shrunk until nobody can read
// it, unless all of it is asked for: it begins with its root, at the left.
const SMALLEST = 0.6, LARGEST = 2;
const fit = (all) => {
  const box = graph.getBoundingClientRect();
  const shrunk = Math.max(1 / LARGEST, whole.w / box.width, whole.h / box.height);
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

const chosen = () => decodeURIComponent(location.hash).replace(/^#expert-/, "") || graph.dataset.asked;
// Whoever chose an expert in the drawing goes on from there: following the link would take the focus to its card.
let followed = null;
const choose = () => {
  const name = chosen();
  if (followed) followed.focus({ preventScroll: true });
  followed = null;
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

// Larger or smaller around a place of the window.
const zoom = (factor, x, y) => {
  const box = graph.getBoundingClientRect();
  const px = (x - box.left) / box.width, py = (y - box.top) / box.height;
  view = { x: view.x + view.w * px * (1 - factor), y: view.y + view.h * py * (1 - factor), w: view.w * factor, h: view.h * factor };
  show();
};
const around = (factor) => {
  const box = graph.getBoundingClientRect();
  zoom(factor, box.left + box.width / 2, box.top + box.height / 2);
};

let held = null, moved = false;
// Fingers on the drawing: two of them make it larger or smaller.
const fingers = new Map();
const spread = () => {
  const [a, b] = [...fingers.values()];
  return { length: Math.hypot(a.x - b.x, a.y - b.y), x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
};
graph.addEventListener("pointerdown", (event) => {
  fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  held = { x: event.clientX, y: event.clientY, view: { ...view } };
  moved = false;
});
window.addEventListener("pointermove", (event) => {
  if (!held) return;
  if (fingers.size === 2 && fingers.has(event.pointerId)) {
    const before = spread();
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = spread();
    if (after.length > 0) zoom(before.length / after.length, after.x, after.y);
    moved = true;
    return;
  }
  const scale = view.w / graph.getBoundingClientRect().width;
  const dx = event.clientX - held.x, dy = event.clientY - held.y;
  if (Math.abs(dx) + Math.abs(dy) > 4) moved = true;
  if (!moved) return;
  graph.classList.add("held");
  view.x = held.view.x - dx * scale;
  view.y = held.view.y - dy * scale;
  show();
});
for (const end of ["pointerup", "pointercancel"]) {
  window.addEventListener(end, (event) => {
    fingers.delete(event.pointerId);
    held = null;
    graph.classList.remove("held");
  });
}
// Who drags the drawing does not choose the expert under the pointer.
graph.addEventListener("click", (event) => {
  if (moved) event.preventDefault();
  else followed = event.target.closest(".expert");
}, true);
graph.addEventListener("dragstart", (event) => event.preventDefault());
graph.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(Math.exp(event.deltaY * 0.0015), event.clientX, event.clientY);
}, { passive: false });
graph.addEventListener("dblclick", () => fit(true));
document.getElementById("larger").addEventListener("click", () => around(1 / 1.3));
document.getElementById("smaller").addEventListener("click", () => around(1.3));
document.getElementById("all").addEventListener("click", () => fit(true));

// From an expert, the arrow keys lead to what it depends on, to what depends on it, and to its neighbours in the column.
const place = (expert) => {
  const { e: x, f: y } = expert.transform.baseVal[0].matrix;
  return { x, y };
};
const nearest = (from, candidates) => {
  const at = place(from);
  const far = (expert) => Math.hypot(place(expert).x - at.x, place(expert).y - at.y);
  return candidates.sort((a, b) => far(a) - far(b))[0];
};
const towards = {
  ArrowRight: (from) => experts.filter((to) => edges.some(({ dataset }) => dataset.from === from.dataset.name && dataset.to === to.dataset.name)),
  ArrowLeft: (from) => experts.filter((to) => edges.some(({ dataset }) => dataset.to === from.dataset.name && dataset.from === to.dataset.name)),
  ArrowDown: (from) => experts.filter((to) => place(to).x === place(from).x && place(to).y > place(from).y),
  ArrowUp: (from) => experts.filter((to) => place(to).x === place(from).x && place(to).y < place(from).y),
};
graph.addEventListener("keydown", (event) => {
  const from = event.target.closest(".expert");
  const to = from && towards[event.key] && nearest(from, towards[event.key](from));
  if (!to) return;
  event.preventDefault();
  to.focus();
});
graph.addEventListener("focusin", (event) => {
  const expert = event.target.closest(".expert");
  if (expert && !held) reveal(expert);
});
document.getElementById("find").addEventListener("input", find);
document.getElementById("find").addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    event.target.value = "";
    find();
  }
  if (event.key !== "Enter") return;
  const [first] = find();
  if (first) location.hash = `expert-${first}`;
});
window.addEventListener("hashchange", choose);
window.addEventListener("resize", () => fit(false));
fit(false);
choose();
