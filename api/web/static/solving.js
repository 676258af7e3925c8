// How far the plan of the day is: shown as it goes on, and the new plan when it is there.
"use strict";

(() => {
  let section = null;
  let source = null;

  // Only what is different is replaced, so that a screen reader says each sentence once.
  const show = async (state) => {
    const answer = await fetch(section.dataset.state, { headers: { "X-Unattended": "1" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    const said = state.querySelector("[role=status]");
    const says = fresh.querySelector("[role=status]");
    if (said && says && said.textContent !== says.textContent) said.textContent = says.textContent;
    const figures = fresh.querySelector("dl");
    state.querySelector("dl")?.remove();
    if (figures) state.append(figures);
  };

  const follow = () => {
    if (section?.isConnected) return;
    source?.close();
    section = document.querySelector("#berechnung[data-events]");
    if (!section) return;
    const state = section.querySelector(".state");
    source = new EventSource(section.dataset.events);
    source.addEventListener("progress", () => show(state).catch(() => {}));
    for (const end of ["done", "stopped", "failed"]) {
      source.addEventListener(end, (event) => {
        event.target.close();
        document.dispatchEvent(new CustomEvent("fahrten:frage"));
      });
    }
  };

  document.addEventListener("fahrten:neu", follow);
  follow();
})();
