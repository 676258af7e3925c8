// The driver's page: marks wait on the telephone until there is reception, and go out once.
"use strict";

(() => {
  const { path, ticks, version } = document.body.dataset;
  const store = `fahrten:${path}`;
  const net = document.getElementById("netz");
  const words = { aboard: "eingestiegen", no_show: "nicht da", done: "ausgestiegen", open: "" };

  const read = () => JSON.parse(localStorage.getItem(store) ?? "[]");
  const write = (queue) => localStorage.setItem(store, JSON.stringify(queue));
  const stand = () => document.querySelector(".stand")?.textContent ?? "";

  // What other days left behind is not for this telephone any more.
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("fahrten:") && name !== store) localStorage.removeItem(name);
  }

  const tell = (text) => {
    net.textContent = text;
    net.hidden = !text;
  };

  const show = ({ request, trip, mark }) => {
    for (const visit of document.querySelectorAll(`[data-visit^="${request} ${trip} "]`)) {
      const own = visit.querySelector(`button[value="${mark}"]`);
      if (!own && mark !== "no_show") continue;
      visit.querySelector(".said").textContent = words[mark];
      visit.classList.toggle("done", mark !== "open");
    }
    next();
  };

  // The next stop is the first at which somebody is not marked yet.
  const next = () => {
    let found = false;
    for (const stop of document.querySelectorAll("section.stop")) {
      const marks = [...stop.querySelectorAll(".visit")].filter((each) => each.querySelector("form.mark"));
      const open = marks.length ? marks.some((each) => !each.classList.contains("done")) : !stop.classList.contains("over");
      stop.classList.toggle("over", !open);
      stop.classList.toggle("next", open && !found);
      found ||= open;
    }
  };

  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || read().length) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.body.dataset.version !== version) {
      location.reload();
      return;
    }
    const main = page.getElementById("inhalt");
    if (main) document.getElementById("inhalt").replaceWith(main);
  };

  let sending = false;
  let more = false; // something was marked meanwhile
  const send = async () => {
    more = sending;
    if (sending) return;
    const queue = read();
    if (!queue.length) return tell("");
    sending = true;
    try {
      const answer = await fetch(ticks, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ ticks: queue }),
      });
      if (answer.status === 401 || answer.status === 403) {
        tell(`Bitte den QR-Code noch einmal öffnen: ${queue.length} Meldungen warten.`);
        return;
      }
      if (!answer.ok) throw new Error(`${answer.status}`);
      const received = await answer.json();
      const known = new Set(received.map((each) => each.key));
      write(read().filter((each) => !known.has(each.key)));
      const refused = received.filter((each) => !each.kept);
      tell(refused.length ? `Nicht gespeichert: ${refused[0].message}` : "");
      refresh().catch(() => {});
    } catch {
      tell(`Kein Netz. ${read().length} Meldungen warten und gehen später hinaus. ${stand()}`);
    } finally {
      sending = false;
      if (more) send();
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.mark");
    if (!form) return;
    event.preventDefault();
    const { key, request, trip } = Object.fromEntries(new FormData(form));
    const one = { key, request, trip, mark: event.submitter.value, at: new Date().toISOString() };
    form.elements.namedItem("key").value = crypto.randomUUID();
    write([...read(), one]);
    show(one);
    send();
  });

  read().forEach(show);
  addEventListener("online", send);
  setInterval(() => (read().length ? send() : refresh().catch(() => {})), 20_000);
  send();
  navigator.serviceWorker?.register("/fahrer/worker.js").catch(() => {});
})();
