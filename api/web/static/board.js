// The board: whoever is clicked on, or reached by Tab, is lit in the list, in the tours, on the time
// line and the map.
"use strict";

(() => {
  const every = () => document.querySelectorAll("[data-requests]");
  let lit = "";

  const light = (requests) => {
    lit = requests;
    const wanted = new Set(requests.split(" ").filter(Boolean));
    for (const each of every()) {
      const one = each.dataset.requests.split(" ").some((request) => wanted.has(request));
      each.classList.toggle("lit", one);
    }
    document.dispatchEvent(new CustomEvent("fahrten:lit", { detail: [...wanted] }));
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, summary, label")) return;
    const about = event.target.closest("[data-requests]");
    if (about) light(about.dataset.requests === lit ? "" : about.dataset.requests);
  });
  document.addEventListener("focusin", (event) => {
    const about = event.target.closest("[data-requests]");
    if (about && about.dataset.requests !== lit) light(about.dataset.requests);
  });
  document.addEventListener("fahrten:halt", (event) => light(event.detail));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && lit) light("");
  });
  if (location.hash.match(/^#r\d+$/)) light(location.hash.slice(1));

  // Somebody else may change the day: this page asks, and shows it, unless somebody is typing.
  const board = document.querySelector("[data-stand]");
  if (!board) return;
  const busy = () => document.activeElement?.matches("input, select, textarea");
  // Whoever works with the keyboard goes on where they were, also when the page is loaded anew.
  const kept = `fahrten:${location.pathname}`;
  const controls = (place) => [...place.querySelectorAll("a[href], button, summary, [tabindex]")];
  const named = (control) => control.getAttribute("href") ?? control.form?.getAttribute("action") ?? control.className;
  const reload = () => {
    const { activeElement: at, body } = document;
    const control = at && at !== body ? named(at) : "";
    const row = at?.closest("tr[id]")?.id ?? "";
    sessionStorage.setItem(kept, JSON.stringify({ control, row, lit, top: scrollY }));
    location.reload();
  };
  const before = JSON.parse(sessionStorage.getItem(kept) ?? "null");
  sessionStorage.removeItem(kept);
  if (before) {
    const all = controls(document.getElementById(before.row) ?? document);
    // What could be clicked there may be gone; then the row is still the place.
    const control = all.find((each) => named(each) === before.control) ?? (before.row ? all[0] : null);
    if (before.control) control?.focus({ preventScroll: true });
    if (before.lit) light(before.lit);
    scrollTo({ top: before.top, behavior: "instant" });
  }

  const ask = async () => {
    if (document.hidden || busy()) return;
    const answer = await fetch(board.dataset.frage, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { stand } = await answer.json();
    if (stand !== board.dataset.stand) reload();
  };
  setInterval(() => ask().catch(() => {}), 1500);
})();
