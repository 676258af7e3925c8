// Keeps the driver's page where there is no reception. Only the last page stays, and only as long
// as it is open to this telephone.
"use strict";

const CACHE = "fahrer-1";
const WAIT = 4000;

const without = (address) => address.split("?")[0];

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

const page = async (request) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(without(request.url));
  try {
    const answer = await (kept ? Promise.race([fetch(request), late()]) : fetch(request));
    if (answer.ok && !answer.redirected) await keep(request, answer);
    else if (answer.status === 401 || answer.status === 403 || answer.redirected) await forget();
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
};

const file = async (request) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(without(request.url));
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await keep(request, answer);
    return answer;
  });
  if (!kept) return fresh;
  fresh.catch(() => {});
  return kept;
};

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(["/static/driver.css", "/static/driver.js", "/static/bus.svg"])).then(() => self.skipWaiting()),
  );
});
self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (address.pathname.startsWith("/fahrer/") && request.mode === "navigate") event.respondWith(page(request));
});
