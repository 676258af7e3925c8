// The page for a telephone call, by keyboard: known passengers, places to choose from.
"use strict";

(() => {
  const form = document.querySelector("form.call");
  const name = document.getElementById("name");
  const known = document.getElementById("bekannte");
  if (!form || !name || !known) return;
  const look = () => form.querySelector(".asked").dispatchEvent(new Event("vorschau"));

  const options = () => [...known.querySelectorAll("[role=option]")];
  const shown = () => options().length > 0;
  const close = () => {
    known.replaceChildren();
    name.setAttribute("aria-expanded", "false");
    name.removeAttribute("aria-activedescendant");
  };
  const current = () => options().find((each) => each.getAttribute("aria-selected") === "true");
  const mark = (option) => {
    options().forEach((each) => each.setAttribute("aria-selected", String(each === option)));
    name.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };

  // What is known of somebody fills the form, and goes again when somebody else is meant; what was
  // typed or changed by hand stays.
  const filled = form.elements.namedItem("vorbelegt");
  let usual = {};
  const unset = (input) => (input.tagName === "SELECT" ? input.options[0].value : "");
  const set = (input, value) => {
    if (input.tagName === "SELECT" && ![...input.options].some((each) => each.value === value)) {
      input.add(new Option(value, value));
    }
    input.value = value;
  };
  const fill = (values) => {
    usual = values;
    form.elements.namedItem("fahrt_nach").value = values.ziel ?? "";
    const before = filled.value.split(" ");
    const now = [];
    for (const input of form.querySelectorAll(".asked [name]:not(#name)")) {
      if (input.value !== unset(input) && !before.includes(input.name)) continue;
      set(input, values[input.name] ?? unset(input));
      if (input.value !== unset(input)) now.push(input.name);
    }
    filled.value = now.join(" ");
  };
  const byHand = (field) => {
    filled.value = filled.value.split(" ").filter((each) => each !== field).join(" ");
  };
  form.addEventListener("input", (event) => {
    byHand(event.target.name);
    if (event.target === name && !name.value) fill({});
  });

  // What was so on a ride to somewhere else goes from the form too, and comes back with the place.
  const leave = (left) => {
    let back = false;
    for (const field of filled.value.split(" ").filter((each) => each)) {
      const input = document.getElementById(field);
      const value = left.includes(field) ? unset(input) : usual[field] ?? input.value;
      if (input.value === value) continue;
      set(input, value);
      back ||= !left.includes(field);
    }
    if (back) look();
  };

  const choose = (option) => {
    const values = JSON.parse(option.dataset.values);
    name.value = values.name;
    fill(values);
    close();
    document.getElementById("termin").focus();
    look();
  };

  name.addEventListener("keydown", (event) => {
    if (!shown()) return;
    const all = options();
    const at = all.indexOf(current());
    if (event.key === "ArrowDown") mark(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") mark(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "Enter" && at >= 0) choose(all[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  known.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    choose(option);
  });
  name.addEventListener("blur", close);
  document.body.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== known) return;
    name.setAttribute("aria-expanded", String(shown()));
    if (shown() && document.activeElement === name) mark(options()[0]);
    else if (document.activeElement !== name) close();
  });

  // An answer says what is wrong with which field; the fields themselves are never replaced.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id !== "antwort") return;
    leave((form.querySelector("[data-left]")?.dataset.left ?? "").split(" "));
    for (const fault of form.querySelectorAll(".asked strong.wrong")) {
      const input = document.getElementById(fault.id.replace("fehler-", ""));
      const bad = fault.textContent !== "";
      input.closest(".field").classList.toggle("bad", bad);
      if (bad) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  });

  // From the appointment, the arrow goes to the offer after the one that is chosen.
  document.getElementById("termin").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    const offers = [...form.querySelectorAll("#antwort input[type=radio]:not([value=''])")];
    const next = offers[offers.findIndex((each) => each.checked) + 1];
    if (!next) return;
    event.preventDefault();
    next.checked = true;
    next.focus();
  });

  // A place that was meant, of several.
  form.addEventListener("click", (event) => {
    if (event.target.closest("button.again")) look();
    const button = event.target.closest("button.suggest");
    if (!button) return;
    const field = document.getElementById(button.dataset.field);
    field.value = button.dataset.value;
    byHand(field.name);
    look();
    document.getElementById("termin").focus();
  });

  // Without an answer, what stands there is about what was typed before.
  const silent = (event) => {
    if (event.detail.target.id !== "antwort") return;
    const said = document.createElement("p");
    said.className = "reason";
    said.textContent = "Keine Antwort vom Dienst. Vorschläge gibt es gerade nicht; was Sie eingegeben haben, bleibt stehen. ";
    const again = document.createElement("button");
    again.type = "button";
    again.className = "again";
    again.textContent = "Noch einmal versuchen";
    said.append(again);
    // What was typed can be kept all the same, and sent.
    const deeds = event.detail.target.querySelector(".deeds");
    event.detail.target.replaceChildren(said, ...(deeds ? [deeds] : []));
    const promise = document.getElementById("zusagen");
    if (promise) promise.textContent = "Vorschläge ansehen";
  };
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.body.addEventListener(failure, silent);
  }
})();
