// How far the plan of the day is: shown as it goes on, and the new plan when it is there.
"use strict";

(() => {
  const section = document.querySelector("#berechnung[data-events]");
  if (!section) return;
  const state = section.querySelector(".state");
  const source = new EventSource(section.dataset.events);

  // Only what is different is replaced, so that a screen reader says each sentence once.
  const show = async () => {
    const answer = await fetch(section.dataset.state);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    const said = state.querySelector("[role=status]");
    const says = fresh.querySelector("[role=status]");
    if (said && says && said.textContent !== says.textContent) said.textContent = says.textContent;
    const figures = fresh.querySelector("dl");
    state.querySelector("dl")?.remove();
    if (figures) state.append(figures);
  };

  source.addEventListener("progress", show);
  for (const end of ["done", "stopped", "failed"]) {
    source.addEventListener(end, () => {
      source.close();
      location.replace(location.pathname + location.search);
    });
  }
})();
