/* The service worker. It keeps the person's own tickets and the few files those need, so that a
   ticket can be shown where there is no line; never another page, nothing of availability, no
   form and no answer of the API. The server writes SHELL before this text (paspor/web_app.py):
   cache, files, page, signOut. */
"use strict";

const TICKETS = "paspor-tickets";
const TICKET = /^\/janji\/[\w-]+\/(tiket\/)?$/;
const MOST = 20;
const PATIENCE_MS = 6000; // a bar of signal that leads nowhere is no line
const ACCOUNT = "Paspor-Account";
const UNTIL = "Paspor-Keep-Until";

const kept = () => caches.open(TICKETS);
const forget = () => caches.delete(TICKETS);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const shell = await caches.open(SHELL.cache);
    await shell.addAll([...SHELL.files, SHELL.page].map((url) => new Request(url, { cache: "no-cache" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("paspor-shell-") && name !== SHELL.cache);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (Array.isArray(event.data?.keep)) event.waitUntil(keep(event.data.keep));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === SHELL.signOut) event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(event, url.pathname));
  else if (isShell(url.pathname)) event.respondWith(fetch(request).catch(() => shellFile(url.pathname)));
});

/* --- Keeping --- */

/* What is kept already is asked for again too: a visit may have been moved or called off. */
async function keep(told) {
  const store = await kept();
  const known = (await store.keys()).map((request) => new URL(request.url).pathname);
  const wanted = told.filter((path) => TICKET.test(path) && path.endsWith("/tiket/"));
  for (const path of [...new Set([...wanted, ...known])].slice(0, MOST)) await keepOne(path);
}

async function keepOne(path) {
  const answer = await fetch(path, { cache: "no-store" }).catch(() => null);
  if (answer === null || answer.status >= 429) return; // not now; what is kept stays
  await forgetOthers(answer);
  const store = await kept();
  if (answer.ok && !answer.redirected && answer.headers.has(UNTIL)) await store.put(path, answer);
  else await store.delete(path);
}

/* Whoever a page belongs to now, the tickets of somebody else are not kept behind it. */
async function forgetOthers(answer) {
  const account = answer.headers.get(ACCOUNT);
  if (account === null) return;
  for (const ticket of await (await kept()).matchAll()) {
    if (ticket.headers.get(ACCOUNT) !== account) return forget();
  }
}

async function forgetOver() {
  const store = await kept();
  for (const request of await store.keys()) {
    const ticket = await store.match(request);
    if (Number(ticket.headers.get(UNTIL)) * 1000 <= Date.now()) await store.delete(request);
  }
}

/* --- Answering --- */

async function page(event, path) {
  const { request } = event;
  await forgetOver();
  const ticket = TICKET.test(path) ? await keptTicket(path) : undefined;
  const asked = fetch(request);
  const late = new Promise((_, reject) => { if (ticket) setTimeout(reject, PATIENCE_MS); });
  try {
    const answer = await Promise.race([asked, late]);
    if (ticket && answer.status >= 502) return ofKept(ticket);
    await forgetOthers(answer);
    event.waitUntil(speak(answer.headers.get("Content-Language")).catch(() => {}));
    return answer;
  } catch {
    asked.catch(() => {});
    return ticket ? ofKept(ticket) : offlinePage();
  }
}

/* Whoever reads the portal in another language now finds it where there is no line too. The
   browser looks for a newer worker only some seconds later. */
async function speak(language) {
  const shell = await caches.open(SHELL.cache);
  const spoken = (await shell.match(SHELL.page))?.headers.get("Content-Language");
  if (!language || language === spoken) return;
  const anew = await fetch(SHELL.page, { cache: "no-cache" });
  if (anew.ok) await shell.put(SHELL.page, anew);
}

async function keptTicket(path) {
  return (await kept()).match(path.endsWith("/tiket/") ? path : `${path}tiket/`);
}

function written(answer, text) {
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(text, { headers });
}

/* A kept ticket says when it was kept. */
async function ofKept(ticket) {
  return written(ticket, (await ticket.text()).replace("data-kept hidden", "data-kept"));
}

async function offlinePage() {
  const page = await (await caches.open(SHELL.cache)).match(SHELL.page);
  if (!page) return Response.error();
  const store = await kept();
  const tickets = [];
  for (const request of await store.keys()) {
    const text = await (await store.match(request)).text();
    // Escaped by the server, and put where it was: between tags.
    const [, title, office] = /<title>([^<]*?) · ([^<]*) · Paspor<\/title>/.exec(text) || ["", "", ""];
    tickets.push({ "TICKET-PATH": new URL(request.url).pathname, "TICKET-TITLE": title, "TICKET-TEXT": office });
  }
  const text = await page.text();
  if (!tickets.length) return written(page, text);
  const [before, row, after] = text.split(/<!--ticket-->/);
  const rows = tickets.map((words) => row.replace(/TICKET-(PATH|TITLE|TEXT)/g, (word) => words[word]));
  return written(page, (before + rows.join("") + after).replace("data-tickets hidden", "data-tickets"));
}

/* A ticket kept before a deploy names files as they were called then: app.0123456789ab.css. */
const plain = (path) => path.replace(/\.[0-9a-f]{12}(?=\.\w+$)/, "");
const isShell = (path) => SHELL.files.some((file) => plain(file) === plain(path));

async function shellFile(path) {
  const file = SHELL.files.find((name) => plain(name) === plain(path));
  return (await (await caches.open(SHELL.cache)).match(file)) || Response.error();
}
