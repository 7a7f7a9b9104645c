/* SISTIK's wall, left open for days: asks every few seconds, says how old its numbers are, and says loudly when it
   hears nothing or its session is over. htmx does the asking; what is there is replaced, never added to. */
(() => {
  "use strict";
  const OFTEN_MS = 5000;
  const JITTER_MS = 2500; // many walls never ask together
  const PATIENCE_MS = 8000;
  const LOST_MS = 30000; // of the numbers themselves, not of the last answer
  const SELDOM_MS = 60000; // somebody may sign in again in another window
  const region = document.getElementById("dinding");
  const lost = document.getElementById("putus");
  const fresh = document.querySelector("[data-nation-fresh]");
  const today = document.querySelector("[data-nation-today]");
  const said = lost?.querySelector("[data-said]");
  if (!region || !fresh || !window.htmx) return;
  window.htmx.config.timeout = PATIENCE_MS;
  const language = document.documentElement.lang === "en" ? "en-GB" : "id";
  const inJakarta = (words, shown) => new Intl.DateTimeFormat(words, { timeZone: "Asia/Jakarta", ...shown });
  const clock = inJakarta("id", { hour: "2-digit", minute: "2-digit", timeZoneName: "short" }); // 10.31 WIB in both
  const date = inJakarta(language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const since = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  let asOf = Date.now() - 1000 * Number(region.dataset.age);
  const ahead = Date.parse(fresh.dateTime) - asOf; // of the server's clock, against this device's
  const lists = () => [...region.querySelectorAll("section[id]")];
  const hung = matchMedia("(min-width: 100rem) and (min-height: 56rem)"); // nation.css: the wall itself
  const provinces = () => [...region.querySelectorAll("details[id]")];
  let opened = []; // what somebody has unfolded
  let scrolled = []; // how far somebody has read in a list that is about to be replaced
  let etag = "";
  let next = 0;

  function tell(why) {
    const text = lost.dataset[why].replace("{jam}", clock.format(asOf + ahead));
    if (lost.hidden || lost.dataset.now !== why) {
      said.textContent = text;
      lost.dataset.now = why;
      for (const part of lost.querySelectorAll("[data-why]")) part.hidden = part.dataset.why !== why;
      lost.hidden = false;
    }
    region.classList.add("is-stale");
  }
  function good(age) {
    asOf = Date.now() - 1000 * age;
    lost.hidden = true;
    region.classList.remove("is-stale");
    tick();
  }
  function tick() {
    const old = Date.now() - asOf;
    today.textContent = `${date.format(Date.now() + ahead)}, ${clock.format(Date.now() + ahead)}`;
    const seconds = Math.max(0, Math.round(old / 1000));
    fresh.textContent = seconds < 60 ? since.format(-seconds, "second") : since.format(-Math.floor(seconds / 60), "minute");
    if (old > LOST_MS && lost.dataset.now !== "ended") tell("lost");
  }
  function ask(wait = OFTEN_MS + JITTER_MS * Math.random()) {
    clearTimeout(next);
    next = setTimeout(() => {
      window.htmx.trigger(region, "ask");
      ask();
    }, wait);
  }

  region.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 403) {
      event.detail.isError = false; // foreseen
      tell("ended");
      ask(SELDOM_MS);
      return;
    }
    if (xhr.status !== 200 || !xhr.getResponseHeader("Paspor-Page")) {
      event.detail.shouldSwap = false; // a proxy's page is no wall
      return;
    }
    if (xhr.getResponseHeader("Paspor-Page") !== region.dataset.page) {
      location.reload();
      return;
    }
    // Unchanged: what somebody points at or has in focus stays.
    if (xhr.getResponseHeader("ETag") === etag) event.detail.shouldSwap = false;
    else {
      scrolled = lists().map((list) => [list.id, list.scrollTop]);
      opened = provinces().filter((each) => each.open).map((each) => each.id);
    }
    etag = xhr.getResponseHeader("ETag");
    lost.dataset.now = "";
    good(Number(xhr.getResponseHeader("Paspor-Age")));
  });
  // Nobody stands at the wall to unfold anything.
  const unfold = () => { for (const each of provinces()) each.open = hung.matches || opened.includes(each.id); };
  hung.addEventListener("change", unfold);
  region.addEventListener("htmx:afterSwap", () => {
    unfold();
    for (const [id, top] of scrolled) document.getElementById(id)?.scrollTo(0, top);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    region.addEventListener(name, () => { if (lost.dataset.now !== "ended") tell("lost"); });
  }
  window.addEventListener("offline", () => tell("lost"));
  window.addEventListener("online", () => ask(0));
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) return;
    ask(0);
    stayAwake();
  });
  async function stayAwake() {
    try { await navigator.wakeLock?.request("screen"); } catch { /* the screen's own settings decide */ }
  }
  unfold();
  tick();
  setInterval(tick, 1000);
  stayAwake();
  ask();
})();
