// The board: whoever is clicked on is lit in the list, in the tours, on the time line and the map.
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
  document.addEventListener("fahrten:halt", (event) => light(event.detail));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && lit) light("");
  });
  if (location.hash.match(/^#r\d+$/)) light(location.hash.slice(1));

  // Somebody else may change the day: this page asks, and shows it, unless somebody is typing.
  const board = document.querySelector("[data-stand]");
  if (!board) return;
  const busy = () => document.activeElement?.matches("input, select, textarea");
  const ask = async () => {
    if (document.hidden || busy()) return;
    const answer = await fetch(board.dataset.frage, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { stand } = await answer.json();
    if (stand !== board.dataset.stand) location.reload();
  };
  setInterval(() => ask().catch(() => {}), 1500);
})();
