// What takes seconds says so at once, and is not sent twice.
"use strict";

(() => {
  const said = document.createElement("p");
  said.className = "waits";
  said.setAttribute("role", "status");
  document.body.append(said);
  let waits = null;

  const begin = (control) => {
    waits = control;
    waits.setAttribute("aria-busy", "true");
    said.textContent = "Wird berechnet …";
  };
  // Whoever comes back to this page finds it as it was.
  addEventListener("pageshow", () => {
    waits?.removeAttribute("aria-busy");
    waits = null;
    said.textContent = "";
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-wait]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (waits) event.preventDefault();
    else begin(link);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-wait]")) return;
    if (waits) event.preventDefault();
    else begin(event.submitter ?? event.target);
  });
})();
