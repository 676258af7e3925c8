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

  // The time line stays in sight above the list and the map, where it leaves them room.
  const MOST = 0.35; // of the window's height
  const roomy = matchMedia("screen and (min-width: 62rem)");
  const stick = () => {
    const line = document.querySelector(".time-line");
    if (!line) return;
    const { top, bottom } = line.getBoundingClientRect();
    const hidden = line.querySelector(".strip").getBoundingClientRect().top - top; // title, legend
    const high = bottom - top - hidden;
    const sticks = roomy.matches && high <= MOST * innerHeight;
    line.classList.toggle("sticks", sticks);
    line.style.top = `${-hidden}px`;
    document.documentElement.style.setProperty("--above", sticks ? `${high}px` : "0px");
  };
  stick();
  addEventListener("resize", stick);

  // Whoever was told is noted without leaving the place; the keyboard goes on with the next one.
  // That one comes to where the pointer is: a second click on the same spot is none on them.
  const TWICE = 500; // milliseconds
  const said = document.createElement("p");
  said.className = "only-read";
  said.setAttribute("role", "status");
  document.body.append(said);
  let mine = false; // whether the page is about to be drawn anew because of that
  let redrawn = -TWICE;
  const note = async (form) => {
    const [line, name] = [form.closest("li"), form.closest("li").querySelector("bdi").textContent];
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "X-Here": "1" }, redirect: "manual" });
      if (answer.status !== 204) return form.submit(); // shows what is wrong, or asks to sign in
    } catch {
      // Nothing is noted, and the page says that it has lost its connection.
      return form.removeAttribute("aria-busy");
    }
    const next = line.nextElementSibling ?? line.previousElementSibling;
    const goes = next?.querySelector("form button") ?? (line.closest("details") ?? line.closest("section")).querySelector("summary, a[href]");
    if (line.contains(document.activeElement)) goes?.focus({ preventScroll: true });
    said.textContent = form.nicht ? `Doch nicht Bescheid gesagt: ${name}` : `Bescheid gesagt: ${name}`;
    mine = true;
    document.dispatchEvent(new CustomEvent("fahrten:frage"));
    setTimeout(() => form.removeAttribute("aria-busy"), 3000); // if it is still there
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-here]")) return;
    event.preventDefault();
    if (!form.ariaBusy && performance.now() - redrawn > TWICE) note(form);
  });
  document.addEventListener("fahrten:neu", () => {
    if (mine) redrawn = performance.now();
    mine = false;
  });

  // Paper unfolds nothing.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll(".edition details")) fold.open = true;
  });

  document.addEventListener("fahrten:neu", () => {
    light(lit);
    stick();
  });
})();
