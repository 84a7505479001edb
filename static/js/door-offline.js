// Keeps the scan page of a door in the phone: loaded again during a cut, it opens as it was. It answers for that page and
// what it is made of, nothing else; what it keeps names nobody, and goes when the portal says that the link is over.
"use strict";

const KEPT = "porte";
const PATIENCE = 5000;
const HOME = self.registration.scope;
const OVER = [403, 404, 410];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// The page tells what it is made of: it was loaded before this script could watch.
self.addEventListener("message", (event) => {
  if (event.data && event.data.keep) event.waitUntil(keep(event.data.keep));
});

async function keep(addresses) {
  const cache = await caches.open(KEPT);
  const home = await fetch(HOME, { cache: "no-store", redirect: "error" });
  if (!home.ok) return;
  await hold(cache, home);
  await Promise.allSettled(addresses.filter(isPart).map((address) => cache.add(address)));
}

// The page is kept with the moment it came, by which it later tells how far its clock stands from the portal's.
async function hold(cache, answer) {
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const text = await answer.text();
  const dated = text.replace("</head>", `<meta name="porte-recue" content="${Date.now()}"></head>`);
  await cache.put(HOME, new Response(dated, { headers }));
}

function isPart(address) {
  const url = new URL(address, HOME);
  return url.origin === self.location.origin && url.pathname.startsWith("/static/");
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (request.mode === "navigate" && HOME === url.origin + url.pathname) event.respondWith(page(request));
  else if (isPart(request.url)) event.respondWith(part(request));
});

async function page(request) {
  const cache = await caches.open(KEPT);
  let answer;
  try {
    answer = await fetch(request.url, { signal: AbortSignal.timeout(PATIENCE), redirect: "manual", cache: "no-store" });
  } catch {
    return (await cache.match(HOME)) || Response.error();
  }
  if (OVER.includes(answer.status)) {
    await cache.delete(HOME);
    await self.registration.unregister();
  } else if (answer.ok) {
    await hold(cache, answer.clone());
  } else if (answer.status >= 500) {
    return (await cache.match(HOME)) || answer;
  }
  return answer;
}

async function part(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { ignoreVary: true })) || Response.error();
  }
}
