/* A live region (data-live="seconds") says loudly when nothing has been heard for that long: an old list
   must never pass for a new one, and what is pressed meanwhile is held back, for the browser would leave the
   page for its own about the lost line. htmx does the asking; without this file the page is renewed by hand. */
(() => {
  "use strict";
  const GRACE_MS = 4000; // for the first answer after the page was out of sight
  const lost = document.getElementById("putus");
  const title = lost?.querySelector("[data-lost-title]");
  const REASONS = { 200: "over", 403: "gone", 404: "gone" };
  const region = () => document.querySelector("[data-live]");
  let heard = Date.now();
  if (!lost || !region()) return;
  const { id } = region();
  const isOurs = (text) => text.includes(` id="${id}"`);
  const limit = 1000 * Number(region().dataset.live);
  const { zone: timeZone, zoneName } = lost.dataset;
  const clock = new Intl.DateTimeFormat("id", { hour: "2-digit", minute: "2-digit", timeZone });
  let why = ""; // over: the session; gone: the right to the page

  function good() {
    heard = Date.now();
    why = "";
    lost.hidden = true;
    region()?.classList.remove("is-stale");
  }
  function bad(said = lost.dataset.since) {
    if (lost.hidden || said !== lost.dataset.since) title.textContent = said.replace("{jam}", `${clock.format(heard)} ${zoneName}`.trim());
    for (const part of lost.querySelectorAll("[data-lost]")) part.hidden = part.dataset.lost !== why;
    lost.hidden = false;
    region()?.classList.add("is-stale");
  }

  // Whoever was signed out meanwhile gets another page as the answer: that is no list. Nor is a refusal,
  // as of somebody whose post has ended: its page says why.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, target, xhr } = event.detail;
    if (requestConfig.elt !== region() && target !== region()) return;
    if (xhr.status === 200 && isOurs(xhr.responseText)) return;
    event.detail.shouldSwap = false;
    why = REASONS[xhr.status] ?? "";
    if (why === "gone") refused(xhr.responseText);
    bad(why ? lost.dataset[why] : undefined);
  });
  function refused(text) {
    const page = new DOMParser().parseFromString(text, "text/html").getElementById("isi");
    lost.dataset.gone = page?.querySelector("h1")?.textContent ?? "";
    lost.querySelector("[data-lost-why]").textContent = page?.querySelector(".lead")?.textContent ?? "";
  }
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.xhr || !isOurs(event.detail.xhr.responseText)) return;
    good();
    renewMine();
  });
  window.addEventListener("offline", () => { if (!why) bad(); });
  // What is over is the server's to tell: it says that nothing was done, and leads on from here.
  window.addEventListener("submit", (event) => {
    if (why) event.stopImmediatePropagation(); // not by htmx: the answer is a page of its own
    if (why || event.target.method !== "post" || (navigator.onLine && lost.hidden)) return;
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
    if (region() && !why && !document.hidden && Date.now() - heard > limit) bad();
  }, 1000);

  // The counter's own half is renewed only when something in it changed, and not under a hand that types.
  function renewMine() {
    const mine = document.getElementById("loket-saya");
    if (!mine || mine.dataset.seen === region().dataset.seen) return;
    if (mine.querySelector("details[open]") || mine.querySelector("form[data-sent]")) return;
    window.htmx.ajax("GET", location.pathname, { target: "#loket-saya", select: "#loket-saya", swap: "outerHTML" });
  }
})();
