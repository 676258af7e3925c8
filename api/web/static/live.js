// A page goes on being true while nobody touches it: it asks for news and takes them in, says when
// it cannot, and covers itself when nobody is signed in any more.
"use strict";

(() => {
  const main = document.getElementById("inhalt");
  const board = () => document.querySelector("[data-stand]");
  const said = document.createElement("div");
  said.className = "live";
  said.setAttribute("role", "status");
  said.hidden = true;
  document.body.append(said);

  // The server is told that nobody has clicked: that alone keeps nobody signed in.
  const ask = (address, accept) =>
    fetch(address, { headers: { Accept: accept, "X-Unattended": "1" }, signal: AbortSignal.timeout(10_000) });
  const own = () => board()?.dataset.seite ?? location.pathname + location.search;

  // What somebody types in, or has changed by hand, is not taken away.
  const changed = (field) => {
    if (field.matches("[type=checkbox], [type=radio]")) return field.checked !== field.defaultChecked;
    if (field.localName !== "select") return field.value !== field.defaultValue;
    return field.selectedIndex !== Math.max(0, [...field.options].findIndex((each) => each.defaultSelected));
  };
  const held = (piece) => {
    const fields = [...piece.querySelectorAll("input, select, textarea")];
    return fields.some((each) => each === document.activeElement || changed(each));
  };

  // Whoever works with the keyboard goes on where they were.
  const controls = (place) => [...place.querySelectorAll("a[href], button, summary, [tabindex]")];
  const named = (control) => control.getAttribute("href") ?? control.form?.getAttribute("action") ?? control.className;
  const exchange = (old, fresh) => {
    const at = old.contains(document.activeElement) ? document.activeElement : null;
    const [before, folds] = [old, fresh].map((piece) => [...piece.querySelectorAll("details")]);
    old.replaceWith(fresh);
    folds.forEach((fold, number) => {
      const same = fold.id ? before.find((each) => each.id === fold.id) : folds.length === before.length && before[number];
      if (same) fold.open = same.open;
    });
    if (!at) return;
    const row = at.closest("tr[id]")?.id;
    const all = controls((row && document.getElementById(row)) || fresh);
    // What could be clicked there may be gone; then the row is still the place.
    const control = all.find((each) => named(each) === named(at)) ?? (row ? all[0] : null);
    control?.focus({ preventScroll: true });
  };

  const keyed = (place) => {
    const many = new Map();
    return [...place.children].map((piece) => {
      const name = piece.id || piece.getAttribute("aria-labelledby") || piece.ariaLabel || `${piece.localName} ${piece.className}`;
      many.set(name, (many.get(name) ?? 0) + 1);
      return [`${name} ${many.get(name)}`, piece];
    });
  };

  // Only pieces that are different are exchanged. *was* is *live* as it came from the server, *now*
  // as it would come now; gives what is shown then, and whether anything had to stay as it was.
  const merge = (live, was, now) => {
    const mine = [...live.children];
    const before = new Map(keyed(was).map(([name, piece], at) => [name, [mine[at], piece]]));
    const after = [];
    let stayed = false;
    for (const [name, piece] of keyed(now)) {
      const [old, known] = before.get(name) ?? [];
      before.delete(name);
      if (!old) {
        after.push([document.importNode(piece, true), piece]);
      } else if (known.isEqualNode(piece)) {
        after.push([old, piece]);
      } else if (piece.matches(".wide, .shifts")) {
        const within = merge(old, known, piece);
        stayed ||= within.stayed;
        after.push([old, within.shown]);
      } else if (held(old)) {
        stayed = true;
        after.push([old, known]);
      } else {
        const fresh = document.importNode(piece, true);
        exchange(old, fresh);
        after.push([fresh, piece]);
      }
    }
    for (const [old, known] of before.values()) {
      // An answer to what was asked here is on no other page.
      const answer = old.matches("[data-answer]");
      if (!answer && !held(old)) {
        old.remove();
        continue;
      }
      stayed ||= !answer;
      after.splice(after.findIndex(([each]) => each === old.previousElementSibling) + 1, 0, [old, known]);
    }
    after.forEach(([each], at) => {
      if (live.children[at] !== each) live.insertBefore(each, live.children[at] ?? null);
    });
    const shown = now.cloneNode(false);
    shown.append(...after.map(([, piece]) => piece.cloneNode(true)));
    return { shown, stayed };
  };

  // Without scripts a parser reads <noscript>, with them it does not.
  const plain = (place) => {
    for (const each of place.querySelectorAll("noscript")) each.remove();
    return place;
  };
  let shown = plain(main.cloneNode(true));
  let stand = board()?.dataset.stand;
  let fresh = null; // what came last, as long as not all of it is shown

  const show = () => {
    const now = fresh.getElementById("inhalt");
    if (!now) return;
    const merged = merge(main, shown, plain(now.cloneNode(true)));
    shown = merged.shown;
    document.title = fresh.title;
    for (const each of fresh.head.querySelectorAll("link[rel=stylesheet], script[src]")) {
      const kind = each.localName === "link" ? "href" : "src";
      const address = each.getAttribute(kind);
      if (document.head.querySelector(`[${kind}="${address}"]`)) continue;
      const file = Object.assign(document.createElement(each.localName), { [kind]: address });
      document.head.append(Object.assign(file, kind === "href" ? { rel: "stylesheet" } : { async: false }));
    }
    if (!merged.stayed) fresh = null;
    document.dispatchEvent(new CustomEvent("fahrten:neu"));
  };

  let gone = false; // so that only loading it anew helps
  const renew = async (newest) => {
    const answer = await ask(own(), "text/html");
    stand = newest;
    gone = !answer.ok || answer.redirected;
    if (gone) return;
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    stand = fresh.querySelector("[data-stand]")?.dataset.stand ?? newest;
    show();
  };

  let cover = null;
  const close = (status) => {
    if (cover) return;
    const heading = status === 401 ? "Sie sind abgemeldet" : "Ihr Konto darf diese Seite nicht mehr sehen";
    cover = document.createElement("main");
    cover.innerHTML = `<h1>${heading}</h1>
      <p class="lead">Die Seite ist verdeckt, damit niemand mitliest. Getipptes ist noch da.</p>
      <p><a class="button" href="/anmelden" target="_blank">In einem neuen Fenster anmelden</a></p>
      <p>Danach geht es hier von selbst weiter.</p>`;
    cover.dataset.title = document.title;
    cover.at = document.activeElement;
    document.title = heading;
    main.hidden = true;
    main.after(cover);
    cover.querySelector("a").focus();
  };
  const open = (account) => {
    if (`${account}` !== document.body.dataset.account) return location.reload();
    document.title = cover.dataset.title;
    main.hidden = false;
    cover.at?.focus({ preventScroll: true });
    cover.remove();
    cover = null;
  };

  let last = new Date();
  let lost = false;
  let told = "";
  const tell = () => {
    const time = last.toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit" });
    const now = lost ? `Verbindung fehlt, Stand ${time}` : !cover && (gone || fresh) ? "Es gibt Neues – " : "";
    if (now === told) return;
    told = now;
    said.hidden = !now;
    said.replaceChildren();
    // A screen reader says what comes into a place that it knows already.
    if (now) setTimeout(write, 100);
  };
  const write = () => {
    said.textContent = told;
    if (!told || lost) return;
    const link = document.createElement("a");
    link.href = own();
    link.textContent = "neu laden";
    said.append(link);
  };

  let asking = false;
  let timer = 0;
  const look = async () => {
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    try {
      const answer = await ask((!cover && board()?.dataset.frage) || "/stand", "application/json");
      if (answer.status === 401 || answer.status === 403) {
        close(answer.status);
      } else if (!answer.ok) {
        throw new Error(`${answer.status}`);
      } else {
        const { stand: newest, account } = await answer.json();
        if (cover) open(account);
        else if (board() && newest !== stand) await renew(newest);
        last = new Date();
      }
      lost = false;
    } catch {
      lost = true;
    }
    tell();
    asking = false;
    timer = setTimeout(look, !document.hidden && (board() || cover || lost) ? 1_500 : 30_000);
  };

  document.addEventListener("fahrten:frage", look);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => event.persisted && look());
  document.addEventListener("focusout", () => setTimeout(() => {
    if (fresh) show();
    tell();
  }));
  timer = setTimeout(look, 1_500);
})();
