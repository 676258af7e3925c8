// Passengers are looked for without leaving the page, so that Back from one of them finds the others
// again: the history keeps what was typed, for this tab alone, and no address does.
"use strict";

(() => {
  const form = document.querySelector("form.search");
  const field = document.getElementById("suche");
  const found = document.getElementById("treffer");
  const wrong = document.getElementById("suche-fehler");
  if (!form || !field || !found) return;

  const search = async () => {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "text/html" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok && answer.status !== 422) throw new Error(`${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [list, fault] = ["treffer", "suche-fehler"].map((each) => page.getElementById(each));
    found.replaceChildren(...list.childNodes);
    wrong.textContent = fault.textContent;
    wrong.closest(".field").classList.toggle("bad", !answer.ok);
    field.toggleAttribute("aria-invalid", false);
    if (!answer.ok) field.setAttribute("aria-invalid", "true");
    return answer.ok;
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    document.querySelector(".told")?.remove();
    history.replaceState({ ...history.state, typed: field.value }, "");
    try {
      const heading = (await search()) && found.querySelector("h2");
      (heading || field).focus();
    } catch {
      form.submit(); // which shows what is wrong
    }
  });

  const typed = history.state?.typed;
  // Whoever comes by a link, also to this very page, begins anew.
  const [{ type }] = performance.getEntriesByType("navigation");
  if (typed && !field.value && type !== "navigate") {
    field.value = typed;
    search().catch(() => {});
  }
})();
