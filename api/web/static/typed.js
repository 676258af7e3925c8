// What was typed is not lost: not by leaving the page, nor by sending it where nobody answers.
"use strict";

(() => {
  const FORMS = "form.call, form.asked";
  const LOST =
    "Keine Verbindung zum Dienst. Gespeichert ist nichts; was Sie eingegeben haben, steht noch hier. Bitte gleich noch einmal.";
  let unsent = Boolean(document.querySelector("form[data-unsent], form [aria-invalid='true']"));
  let answered = null; // the form for which the service has just answered

  document.addEventListener("input", (event) => {
    unsent ||= Boolean(event.target.closest(FORMS));
  });
  addEventListener("beforeunload", (event) => {
    if (unsent) event.preventDefault();
  });

  const answers = async () => {
    try {
      return (await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(5000) })).ok;
    } catch {
      return false;
    }
  };
  const say = (form, text) => {
    form.querySelector(".lost")?.remove();
    if (!text) return;
    const said = document.createElement("p");
    said.className = "note lost";
    said.setAttribute("role", "alert");
    said.textContent = text;
    form.prepend(said);
    said.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches(FORMS)) {
      unsent = false;
      return;
    }
    if (answered === form) {
      unsent = false;
      return;
    }
    event.preventDefault();
    if (form.getAttribute("aria-busy")) return;
    form.setAttribute("aria-busy", "true");
    const reached = await answers();
    say(form, reached ? "" : LOST);
    if (!reached) {
      form.removeAttribute("aria-busy");
      return;
    }
    answered = form;
    // An answer that came meanwhile may have put another one in the place of the button.
    const button = event.submitter?.isConnected ? event.submitter : document.getElementById(event.submitter?.id);
    form.requestSubmit(button);
    answered = null;
  });
  // Whoever comes back to this page finds it as it was.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll(FORMS)) form.removeAttribute("aria-busy");
  });
})();
