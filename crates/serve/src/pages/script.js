// What makes pages live: when something happens, the page is read again and its content takes the place of the old one.
"use strict";
const content = () => document.getElementById("content");
const said = (text) => {
  const place = document.getElementById("said");
  if (place) place.textContent = text;
};

const problem = async (answer) => {
  try {
    return (await answer.json()).detail;
  } catch {
    return `${answer.status} ${answer.statusText}`;
  }
};

// Reads the page again; what a person is typing in stays.
const again = async () => {
  if (document.querySelector("form:focus-within")) return;
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("content");
  if (fresh && fresh.innerHTML !== content().innerHTML) content().replaceWith(fresh);
};

const live = content().dataset.live;
if (live) {
  let waiting = false;
  let last = Promise.resolve();
  const soon = () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      last = last.then(again).catch(() => {});
    }, 120);
  };
  const source = new EventSource(live);
  for (const kind of document.body.dataset.events.split(" ")) source.addEventListener(kind, soon);
  // What happened since the page was made, or while nobody listened, is in none of the events that come.
  source.addEventListener("open", soon);
  addEventListener("pagehide", () => source.close());
}

// Forms send JSON: each field under its name, nested by dots.
addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  const body = {};
  for (const [name, value] of new FormData(form, event.submitter)) {
    if (value === "") continue;
    const path = name.split(".");
    let at = body;
    for (const part of path.slice(0, -1)) at = at[part] ??= {};
    at[path.at(-1)] = value;
  }
  said("…");
  const headers = { "content-type": "application/json" };
  if (form.dataset.once) headers["idempotency-key"] = form.dataset.once;
  const answer = await fetch(form.dataset.post, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) return said(await problem(answer));
  const done = await answer.json();
  said("done");
  document.activeElement?.blur();
  if (form.dataset.then) location.href = form.dataset.then + (done.run ?? "");
  else again();
});
