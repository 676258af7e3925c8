// Whoever leaves a form with something in it that is not sent yet is asked first.
"use strict";

(() => {
  const forms = "form.call, form.asked";
  let unsent = Boolean(document.querySelector("form[data-unsent], form [aria-invalid='true']"));

  document.addEventListener("input", (event) => {
    unsent ||= Boolean(event.target.closest(forms));
  });
  document.addEventListener("submit", () => {
    unsent = false;
  });
  addEventListener("beforeunload", (event) => {
    if (unsent) event.preventDefault();
  });
})();
