/* "Diperbarui 3 detik yang lalu": <time data-fresh="seconds of age when the page was made">. */
(() => {
  "use strict";
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "id", { numeric: "auto" });
  const seen = new WeakMap();

  function tick() {
    for (const element of document.querySelectorAll("[data-fresh]")) {
      if (!seen.has(element)) seen.set(element, Date.now() - 1000 * Number(element.dataset.fresh));
      const seconds = Math.max(0, Math.round((Date.now() - seen.get(element)) / 1000));
      element.textContent = seconds < 60
        ? format.format(-seconds, "second")
        : format.format(-Math.floor(seconds / 60), "minute");
    }
  }
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:load", tick);
})();
