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

  document.addEventListener("fahrten:neu", () => light(lit));
})();
