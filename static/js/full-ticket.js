/* The full-screen ticket: the screen stays lit while it is looked at, and one button takes the
   browser's own bars away where it can. */
(() => {
  "use strict";

  async function stayLit() {
    if (document.visibilityState !== "visible" || !navigator.wakeLock) return;
    // Refused when the battery is low; the ticket is shown all the same.
    await navigator.wakeLock.request("screen").catch(() => {});
  }
  document.addEventListener("visibilitychange", stayLit);
  stayLit();

  const button = document.querySelector("[data-full-screen]");
  if (!button || !document.fullscreenEnabled) return;
  button.hidden = false;
  button.addEventListener("click", () => document.documentElement.requestFullscreen().catch(() => {}));
  document.addEventListener("fullscreenchange", () => { button.hidden = Boolean(document.fullscreenElement); });
})();
