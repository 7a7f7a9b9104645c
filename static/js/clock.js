/* The running time of a hold (components/hold_clock.html). The server's words stay; this adds the count. */
(() => {
  "use strict";

  function start(clock) {
    if (clock.dataset.clockStarted) return;
    clock.dataset.clockStarted = "true";
    const find = (name) => clock.querySelector(`[data-clock-${name}]`);
    const left = find("left");
    const live = find("live");
    // Phones go wrong by minutes: count from the server's own "now" when it is given.
    const now = Date.parse(clock.dataset.clockNow) || Date.now();
    const end = Date.now() + Date.parse(clock.dataset.clockUntil) - now;
    if (Number.isNaN(end)) return;

    function words(seconds) {
      return seconds >= 60
        ? clock.dataset.clockMinutes.replace("{n}", Math.ceil(seconds / 60))
        : clock.dataset.clockSeconds.replace("{n}", seconds);
    }

    // 9:05 below an hour, 23:49:36 above it.
    function digits(seconds) {
      const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
      if (seconds >= 3600) parts.unshift(Math.floor(seconds / 3600));
      return parts.map((part, at) => (at ? String(part).padStart(2, "0") : part)).join(":");
    }

    let said = "";
    function tick() {
      const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      if (seconds === 0) {
        clearInterval(timer);
        find("running").hidden = true;
        find("over").hidden = false;
        live.textContent = find("over").textContent.trim().replace(/\s+/g, " ");
        return;
      }
      left.textContent = digits(seconds);
      left.hidden = false;
      // Read aloud seldom: at five minutes, one minute and thirty seconds.
      const moment = [30, 60, 300].find((limit) => seconds <= limit);
      if (moment && moment !== said) {
        said = moment;
        live.textContent = words(seconds);
      }
    }
    const timer = setInterval(tick, 1000);
    tick();
  }

  const startAll = () => document.querySelectorAll("[data-clock]").forEach(start);
  startAll();
  document.addEventListener("htmx:load", startAll);
})();
