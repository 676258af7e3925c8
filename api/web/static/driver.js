// The driver's page: marks wait on the telephone until there is reception, and go out once.
"use strict";

(() => {
  const { path, ticks, version } = document.body.dataset;
  const store = `fahrten:${path}`;
  const net = document.getElementById("netz");
  // What a mark says where somebody gets in, and where they get out.
  const words = { aboard: ["eingestiegen", ""], no_show: ["nicht da", "war nicht da"], done: ["eingestiegen", "ausgestiegen"], open: ["", ""] };
  const getIn = 'button.main[value="aboard"]';

  const read = () => JSON.parse(localStorage.getItem(store) ?? "[]");
  const write = (queue) => localStorage.setItem(store, JSON.stringify(queue));
  const waiting = (many) => (many === 1 ? "1 Meldung wartet" : `${many} Meldungen warten`);
  const stand = () => document.querySelector(".stand")?.textContent ?? "";

  // What other days left behind is not for this telephone any more.
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith("fahrten:") && name !== store) localStorage.removeItem(name);
  }

  const tell = (text) => {
    net.textContent = text;
    net.hidden = !text;
  };

  const there = (stop, text) => {
    const button = stop.querySelector("form.bus button");
    stop.querySelector(".there").textContent = text;
    button.value = text ? "open" : "arrived";
    button.firstChild.data = text ? "Zurücknehmen" : "angekommen";
  };

  const show = ({ request, trip, mark, at }) => {
    for (const visit of document.querySelectorAll(`[data-visit^="${request} ${trip} "]`)) {
      const back = visit.querySelector("form.back button");
      if (!back) continue; // the bus only waits
      const out = !visit.querySelector(getIn);
      const done = visit.classList.contains("done");
      if (mark === "arrived") {
        const moment = new Date(at).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
        if (!out) there(visit.closest(".stop"), `angekommen ${moment}`);
        continue;
      }
      if (mark === "open" && !out && !done) there(visit.closest(".stop"), "");
      visit.querySelector(".said").textContent = words[mark][Number(out)];
      visit.classList.toggle("done", Boolean(words[mark][Number(out)]));
      if (out) back.value = mark === "no_show" ? "open" : "aboard";
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
      const bus = stop.querySelector("form.bus");
      if (bus) bus.hidden = Boolean(stop.querySelector(`.visit.done ${getIn}`));
    }
  };

  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", "X-Unattended": "1" } });
    if (!answer.ok || read().length) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (page.body.dataset.version !== version) {
      location.reload();
      return;
    }
    const [old, main] = [document, page].map((each) => each.getElementById("inhalt"));
    if (!main) return;
    // Of one version both have the same keys: whoever goes by keyboard stays where they are.
    const keys = (each) => [...each.querySelectorAll("a, button")];
    const at = keys(old).indexOf(document.activeElement);
    old.replaceWith(main);
    keys(main)[at]?.focus({ preventScroll: true });
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
        tell(`Bitte den QR-Code noch einmal öffnen: ${waiting(queue.length)}.`);
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
      tell(`Kein Netz. ${waiting(read().length)} auf Empfang. ${stand()}`);
    } finally {
      sending = false;
      if (more) send();
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.mark");
    if (!form) return;
    event.preventDefault();
    const sent = new FormData(form);
    const trips = sent.getAll("trip");
    const about = { mark: event.submitter.value, at: new Date().toISOString() };
    const made = sent.getAll("request").map((request, at) => ({ key: crypto.randomUUID(), request, trip: trips[at], ...about }));
    write([...read(), ...made]);
    made.forEach(show);
    send();
  });

  read().forEach(show);
  addEventListener("online", send);
  setInterval(() => (read().length ? send() : refresh().catch(() => {})), 20_000);
  send();
  navigator.serviceWorker?.register("/fahrer/worker.js").catch(() => {});
})();
