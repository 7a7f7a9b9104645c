/* A television that shows its code: asks whether somebody has typed it, and whether the code still stands.
   The page is left only for one that the server has just answered for, so a cut line never leaves the browser's own error. */
(() => {
  "use strict";
  const OFTEN_MS = 4000;
  const PATIENCE_MS = 8000;
  const { state, again, code } = document.body.dataset;

  async function ask() {
    try {
      const answer = await fetch(state, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
      if (answer.ok) {
        const now = await answer.json();
        const next = now.at ?? (now.code === code && code ? "" : again);
        if (next) {
          location.replace(next);
          return;
        }
      }
    } catch { /* the line is away; the next time asks again */ }
    setTimeout(ask, OFTEN_MS);
  }
  setTimeout(ask, OFTEN_MS);
})();
