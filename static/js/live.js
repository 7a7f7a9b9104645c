/* A live region (data-live="seconds") says loudly when nothing has been heard for that long: an old list
   must never pass for a new one, and what is pressed meanwhile is held back, for the browser would leave the
   page for its own about the lost line. htmx does the asking; without this file the page is renewed by hand. */
(() => {
  "use strict";
  const GRACE_MS = 4000; // for the first answer after the page was out of sight
  const lost = document.getElementById("putus");
  const title = lost?.querySelector("[data-lost-title]");
  const region = () => document.querySelector("[data-live]");
  let heard = Date.now();
  if (!lost || !region()) return;
  const limit = 1000 * Number(region().dataset.live);
  const { zone: timeZone, zoneName } = lost.dataset;
  const clock = new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit", timeZone });
  let isOver = false; // the session

  function good() {
    heard = Date.now();
    isOver = false;
    lost.hidden = true;
    region()?.classList.remove("is-stale");
  }
  function bad(said = lost.dataset.since) {
    if (lost.hidden || said !== lost.dataset.since) title.textContent = said.replace("{jam}", `${clock.format(heard)} ${zoneName}`);
    lost.querySelector("[data-lost-cut]").hidden = isOver;
    lost.querySelector("[data-lost-over]").hidden = !isOver;
    lost.hidden = false;
    region()?.classList.add("is-stale");
  }

  // Whoever was signed out meanwhile gets another page as the answer: that is no list.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== region() || event.detail.xhr.responseText.includes(" data-live=")) return;
    event.detail.shouldSwap = false;
    isOver = event.detail.xhr.status === 200;
    bad(isOver ? lost.dataset.over : undefined);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.xhr || !event.detail.xhr.responseText.includes(" data-live=")) return;
    good();
    renewMine();
  });
  window.addEventListener("offline", () => bad());
  // A session that is over is the server's to tell: it says that nothing was done, and leads back here.
  window.addEventListener("submit", (event) => {
    if (isOver) event.stopImmediatePropagation(); // not by htmx: the answer is a page of its own
    if (isOver || event.target.method !== "post" || (navigator.onLine && lost.hidden)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    bad(lost.dataset.unsent);
    window.htmx?.trigger(region(), "live");
  }, true);
  window.addEventListener("online", () => window.htmx?.trigger(region(), "live"));
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    // Out of sight a browser asks seldom. That is not the line's fault: look first.
    if (lost.hidden) heard = Math.max(heard, Date.now() - limit + GRACE_MS);
    window.htmx?.trigger(region(), "live");
  });
  setInterval(() => {
    if (!document.hidden && Date.now() - heard > limit) bad();
  }, 1000);

  // The counter's own half is renewed only when something in it changed, and not under a hand that types.
  function renewMine() {
    const mine = document.getElementById("loket-saya");
    if (!mine || mine.dataset.seen === region().dataset.seen) return;
    if (mine.querySelector("details[open]") || mine.querySelector("form[data-sent]")) return;
    window.htmx.ajax("GET", location.pathname, { target: "#loket-saya", select: "#loket-saya", swap: "outerHTML" });
  }
})();
