/* Hands the tickets of this page (data-keep="path") to the service worker, which keeps them for
   where there is no line. Without a worker (an old browser, plain http) nothing is kept. */
(() => {
  "use strict";
  const worker = navigator.serviceWorker;
  if (!worker) return;
  const keep = [...document.querySelectorAll("[data-keep]")].map((element) => element.dataset.keep);
  // Who has no ticket needs no worker; one that is there looks again at what it keeps.
  if (!keep.length && !worker.controller) return;
  // A browser may refuse (a private window, a full phone): the page works as before.
  worker.register("/sw.js", { scope: "/", updateViaCache: "none" })
    .then(() => worker.ready)
    .then((registration) => registration.active.postMessage({ keep }))
    .catch(() => {});
})();
