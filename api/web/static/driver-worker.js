// Keeps the driver's page where there is no reception. Only the last page stays, and only as long
// as it is open to this telephone. It is registered for /fahrer/, and for /fahrt/, where the code on
// the sheet leads: there it keeps nothing, and leads on to the page that is kept.
"use strict";

const CACHE = "fahrer-3";
const WAIT = 4000;

const forTours = self.registration.scope.endsWith("/fahrer/");
const without = (address) => address.split("?")[0];
const isPage = (address) => address.origin === location.origin && /^\/fahrer\/[0-9-]{10}\/[^/]+$/.test(address.pathname);

const keep = async (request, answer) => {
  const cache = await caches.open(CACHE);
  if (request.mode === "navigate") {
    for (const other of await cache.keys()) {
      if (without(other.url).includes("/fahrer/") && without(other.url) !== without(request.url)) await cache.delete(other);
    }
  }
  await cache.put(without(request.url), answer.clone());
};

const forget = async () => {
  for (const name of await caches.keys()) await caches.delete(name);
};

const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), WAIT));

const fresh = async (request) => {
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await keep(request, answer);
  // Of another shift than the one that was opened last: that one stays.
  else if (answer.status === 403) await (await caches.open(CACHE)).delete(without(request.url));
  else if (answer.status === 401 || answer.redirected || answer.type === "opaqueredirect") await forget();
  return answer;
};

const page = async (request) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(without(request.url));
  try {
    const answer = await (kept ? Promise.race([fresh(request), late()]) : fresh(request));
    // What went wrong in the office takes nobody's tour away.
    return kept && (answer.status >= 500 || answer.status === 409) ? kept : answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
};

// The address of a code says in clear which tour it opens, and is signed. That cannot be proven here
// and need not be: nothing opens but what lies open on this telephone. The address is kept nowhere.
const tourOf = (path) => {
  try {
    const [payload] = path.slice("/fahrt/".length).split(".");
    const [, day, shift] = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    return `/fahrer/${day}/${encodeURIComponent(shift)}`;
  } catch {
    return ""; // only with reception it can be told what this opens
  }
};

const link = async (request) => {
  const { pathname, search } = new URL(request.url);
  const tour = tourOf(pathname);
  const kept = tour && (await (await caches.open(CACHE)).match(tour));
  try {
    return await (kept ? Promise.race([fetch(request), late()]) : fetch(request));
  } catch (error) {
    if (kept) return Response.redirect(tour + search);
    throw error;
  }
};

// The page that this worker was started from came before it, and would be missing in a valley.
const openPages = async () => {
  const every = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const pages = every.filter((each) => isPage(new URL(each.url)));
  await Promise.all(pages.map((each) => fresh(new Request(each.url, { headers: { Accept: "text/html" } })).catch(() => {})));
};

const file = async (request) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(without(request.url));
  const newest = fetch(request).then(async (answer) => {
    if (answer.ok) await keep(request, answer);
    return answer;
  });
  if (!kept) return newest;
  newest.catch(() => {});
  return kept;
};

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(["/static/driver.css", "/static/driver.js", "/static/bus.svg"])).then(() => self.skipWaiting()),
  );
});
self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()).then(forTours ? openPages : undefined));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (!forTours) {
    if (request.mode === "navigate") event.respondWith(link(request));
  } else if (address.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (address.pathname.startsWith("/fahrer/") && request.mode === "navigate") event.respondWith(page(request));
  // The page asks for itself every twenty seconds: what comes is kept, and nothing old is given.
  else if (isPage(address)) event.respondWith(fresh(request));
});
