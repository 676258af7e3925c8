// The driver's page: marks wait on the telephone until there is reception, and go out once.
"use strict";

(() => {
  const { path, ticks, version } = document.body.dataset;
  const store = `fahrten:${path}`;
  const seen = `${store}:gesehen`;
  const unread = "fahrten-ungelesen"; // of all shifts
  const most = 200; // marks that are taken at once
  const find = (id) => document.getElementById(id);
  const every = (what, where = document) => [...where.querySelectorAll(what)];
  // What a mark says where somebody gets in, and where they get out.
  const words = { aboard: ["eingestiegen", ""], no_show: ["nicht da – bitte Disposition anrufen", "war nicht da"], done: ["eingestiegen", "ausgestiegen"], open: ["", ""] };
  const short = { arrived: "angekommen", aboard: "eingestiegen", no_show: "nicht da", done: "ausgestiegen", open: "zurückgenommen" };
  const getsIn = (visit) => visit.querySelector('[value="no_show"]');
  const number = (stop) => Number(stop.querySelector("h2").id.slice("halt-".length));

  const read = (name = store) => JSON.parse(localStorage.getItem(name) ?? "[]");
  const write = (queue, name = store) => (queue.length ? localStorage.setItem(name, JSON.stringify(queue)) : localStorage.removeItem(name));
  const waiting = (many) => (many === 1 ? "1 Meldung wartet" : `${many} Meldungen warten`);
  const clock = (at) => new Date(at).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });

  // Of other shifts only marks that wait stay on this telephone.
  const names = Object.keys(localStorage).filter((name) => name.startsWith("fahrten:") && name !== store && name !== seen);
  names.filter((name) => name.endsWith(":gesehen")).forEach((name) => localStorage.removeItem(name));
  const others = () => names.filter((name) => read(name).length);

  // What stands at the top: since when nobody is reached, and what was not kept as it was meant.
  let since = "";
  let fault = ""; // of the office, which was reached
  let closed = false;
  const tell = () => {
    const many = read().length;
    const lines = [];
    if (closed) lines.push(`Bitte den QR-Code noch einmal öffnen: ${waiting(many)}.`);
    else if (since) lines.push(`${fault || "Kein Netz"} seit ${since}.`, ...(many ? [`${waiting(many)}${fault ? "" : " auf Empfang"}.`] : []), find("stand")?.textContent ?? "");
    const printed = new URLSearchParams(location.search).get("v") ?? version;
    if (since && printed !== version) lines.unshift(`Ihr Blatt ist Version ${printed}, diese Seite Version ${version}: bitte nach ${printed - version > 0 ? "dem Blatt fahren, wenn es kein Entwurf ist" : "dieser Seite fahren"}.`);
    if (others().length) lines.push("Von einem anderen Dienst warten Meldungen: bitte dessen QR-Code öffnen.");
    say("netz", find("netz"), lines.join(" "));
    say("ungelesen", find("ungelesen").firstChild, [...new Set(read(unread).map(note))].join("\n"));
  };
  const say = (box, place, text) => {
    if (place.textContent !== text) place.textContent = text;
    find(box).hidden = !text;
  };
  // Names are not kept: who is no longer on the page is told by what was marked, and when.
  const note = ({ request, mark, at, kept, message }) => {
    const who = document.querySelector(`[data-visit^="${request} "] bdi`)?.textContent ?? `${short[mark]} ${clock(at)}`;
    return kept ? message : `Nicht gespeichert: ${who}. ${message}`;
  };
  const lost = (why = "") => {
    since ||= clock(Date.now());
    fault = why;
    settle();
    tell();
  };
  const reach = async (address, how) => {
    let why = "";
    try {
      const answer = await fetch(address, { ...how, signal: AbortSignal.timeout(15_000) });
      closed = answer.status === 401 || answer.status === 403;
      if (!answer.ok && !closed) throw new Error((why = `Fehler ${answer.status}`));
      since = "";
      return answer;
    } catch (error) {
      lost(why);
      throw error;
    }
  };

  const show = ({ request, trip, mark, at }) => {
    for (const visit of every(`[data-visit^="${request} ${trip} "]`)) {
      const back = visit.querySelector(".back");
      if (!back) continue; // the bus only waits
      const out = !getsIn(visit);
      const bus = out ? null : visit.closest(".stop").querySelector(".bus");
      const there = (text) => {
        bus.querySelector(".said").textContent = text;
        bus.classList.toggle("there", Boolean(text));
      };
      if (mark === "arrived") {
        if (bus) there(`angekommen ${clock(at)}`);
        continue;
      }
      if (mark === "open" && bus && !visit.classList.contains("done")) there("");
      const text = words[mark][Number(out)];
      visit.querySelector(".said").textContent = text;
      visit.classList.toggle("done", Boolean(text));
      visit.classList.toggle("absent", mark === "no_show");
      if (out) back.value = mark === "no_show" ? "open" : "aboard";
    }
  };

  // The next halt is the first at which somebody is not marked yet; it stands above all others.
  // Once the bus was further on, a halt is over, or was missed. Where nothing can be marked, it is
  // over by the clock, too.
  const settle = () => {
    const stops = every("section.stop").sort((a, b) => number(a) - number(b));
    const done = (visit) => visit.classList.contains("done");
    const absent = (visit) => visit.classList.contains("absent");
    const told = (stop) => stop.querySelector(".there") || every(".done", stop).some((each) => getsIn(each) || !absent(each));
    const last = stops.findLastIndex(told);
    const reached = stops.findLastIndex((stop) => stop.querySelector(".there, .done:not(.absent)"));
    const unmarked = (stop) => stop.querySelector(".visit:not(.done) form");
    const left = stops.filter((stop, at) => at >= reached && (stop.dataset.ends ? Date.parse(stop.dataset.ends) > Date.now() : unmarked(stop)));
    const missed = stops.filter((stop, at) => at < reached && unmarked(stop));
    const over = stops.filter((stop) => !left.includes(stop) && !missed.includes(stop));
    const changed = left[0] !== document.querySelector(".stop.next");
    const fill = (place, some) => {
      const now = every(":scope > section", place);
      if (now.length !== some.length || now.some((each, at) => each !== some[at])) place.replaceChildren(...some);
    };
    for (const stop of stops) {
      stop.classList.toggle("next", stop === left[0]);
      stop.classList.toggle("over", over.includes(stop));
      const bus = stop.querySelector(".bus");
      if (bus) bus.hidden = every(".visit", stop).some((each) => getsIn(each) && done(each));
    }
    fill(find("jetzt"), left.slice(0, 1));
    fill(find("danach"), left.slice(1));
    for (const [fold, some] of [[find("offen"), missed], [find("erledigt"), over]]) {
      fill(fold.querySelector("div"), some);
      fold.querySelector("span").textContent = some.length;
      fold.hidden = !some.length;
    }
    const names = over.includes(stops[last]) ? every(".absent", stops[last]).filter(getsIn).map((each) => each.querySelector("bdi").textContent) : [];
    find("fehlt").hidden = !names.length;
    find("fehlt").querySelector("bdi").textContent = names.join(" · ");
    if (find("fertig")) find("fertig").hidden = Boolean(left.length || missed.length || document.querySelector("#imbus .visit:not(.done)"));
    return changed;
  };

  // What is new stays until somebody says that they have read it.
  const news = () => {
    const known = Number(localStorage.getItem(seen) ?? 0);
    if (!find("neu")) {
      if (known && known < version && !/[?&]seit=/.test(location.search)) return since_then(known);
      localStorage.setItem(seen, version);
    } else if (known >= version) find("neu").hidden = true;
  };
  const since_then = (known) => {
    const asked = new URLSearchParams(location.search);
    asked.set("seit", known);
    location.replace(`${path}?${asked}`);
  };

  const refresh = async () => {
    const answer = await reach(location.href, { headers: { Accept: "text/html", "X-Unattended": "1" } });
    if (answer.redirected || closed) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (read().length) return;
    if (page.body.dataset.version !== version) return find("neu") && !find("neu").hidden ? location.reload() : since_then(version);
    const [old, main] = [document, page].map((each) => each.getElementById("inhalt"));
    if (!main) return;
    // Of one version both have the same keys: whoever goes by keyboard stays where they are.
    const keys = (each) => every("a, button, summary, h2", each);
    const at = keys(old).indexOf(document.activeElement);
    for (const fold of every("details", main)) fold.open = find(fold.id)?.open;
    old.replaceWith(main);
    keys(main)[at]?.focus({ preventScroll: true });
    news();
    tell();
  };

  const send_others = async () => {
    for (const name of others()) {
      const day = name.split("/")[2];
      const answer = await fetch(`/api/v1/days/${day}/ticks`, posted(read(name).slice(0, most)));
      // Not for whoever is here now; of a day that is over, for nobody.
      if (answer.ok) take((await answer.json()).filter((each) => each.kept), name);
      else if (answer.status < 404 && day < new Date().toISOString().slice(0, 10)) take(read(name).map((each) => ({ ...each, message: "Der Tag ist vorbei." })), name);
    }
    tell();
  };
  const take = (received, name) => {
    const about = ({ key }) => received.find((each) => each.key === key);
    write([...read(unread), ...read(name).map((each) => ({ ...each, ...about(each) })).filter((each) => each.message)], unread);
    write(read(name).filter((each) => !about(each)), name);
  };
  const posted = (queue) => ({
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ ticks: queue, sent: new Date().toISOString() }),
  });

  let sending = false;
  let more = false; // something was marked meanwhile
  const send = async () => {
    more = sending;
    if (sending) return;
    const queue = read().slice(0, most);
    if (!queue.length) return tell();
    sending = true;
    try {
      const answer = await reach(ticks, posted(queue));
      if (closed) return;
      take(await answer.json(), store);
      more ||= read().length;
      refresh().catch(() => {});
    } catch {
      // It is said already, and tried again.
    } finally {
      sending = false;
      tell();
      if (more) send();
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    const sent = new FormData(form);
    const trips = sent.getAll("trip");
    const about = { mark: event.submitter.value, at: new Date().toISOString() };
    const made = sent.getAll("request").map((request, at) => ({ key: crypto.randomUUID(), request, trip: trips[at], ...about }));
    write([...read(), ...made]);
    made.forEach(show);
    if (settle()) {
      const stop = document.querySelector(".stop.next");
      stop?.querySelector("h2").focus({ preventScroll: true });
      scrollTo(0, 0);
      // A second tap was meant for what was here before.
      document.body.classList.add("still");
      setTimeout(() => document.body.classList.remove("still"), 700);
    } else every("button", form).find((each) => each.offsetParent)?.focus({ preventScroll: true });
    send();
  });
  find("ungelesen").querySelector("button").addEventListener("click", () => {
    write([], unread);
    tell();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#neu a");
    if (!link) return;
    event.preventDefault();
    localStorage.setItem(seen, version);
    history.replaceState(null, "", link.href);
    news();
  });

  const again = () => {
    send_others().catch(() => {});
    return read().length ? send() : refresh().catch(() => {});
  };
  read().forEach(show);
  if (read().length) settle();
  news();
  tell();
  send_others().catch(() => {});
  addEventListener("online", again);
  addEventListener("offline", () => lost());
  setInterval(again, 20_000);
  // A page that comes from this telephone's own store may be an old one.
  if (navigator.serviceWorker?.controller) again();
  else send();
  for (const scope of ["/fahrer/", "/fahrt/"]) navigator.serviceWorker?.register("/fahrer/worker.js", { scope }).catch(() => {});
})();
