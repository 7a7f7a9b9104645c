/* The page that waits for a code: asks where the message is, and counts until another may be asked for.
   Without this file the page is loaded anew by hand, and the server alone says when. */
(() => {
  "use strict";
  const OFTEN_MS = 4000;
  const SELDOM_MS = 20000;
  const OFTEN_TIMES = 45; // three minutes
  const region = document.querySelector("[data-waiting]");
  const form = document.querySelector("[data-resend-in]");
  const left = document.querySelector("[data-resend-left]");
  const usual = document.querySelector("[data-resend-usual]");

  // --- Where the message is
  let said = region?.innerHTML.trim();
  let asked = 0;

  async function ask() {
    if (!document.hidden && !region.contains(document.activeElement)) {
      asked += 1;
      try {
        const answer = await fetch(region.dataset.waiting, { credentials: "same-origin" });
        const now = answer.ok && !answer.redirected ? (await answer.text()).trim() : said;
        if (strip(now) !== strip(said)) region.innerHTML = now;
        said = now;
      } catch { /* the line is away; the next time asks again */ }
    }
    setTimeout(ask, asked < OFTEN_TIMES ? OFTEN_MS : SELDOM_MS);
  }
  // The forms' tokens differ each time; they are no news to read aloud.
  const strip = (html) => html.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");

  if (region) {
    document.querySelector("[data-waiting-reload]").hidden = true;
    setTimeout(ask, OFTEN_MS);
  }

  // --- When another may be asked for
  if (form && left) {
    const button = form.querySelector("button");
    const end = Date.now() + 1000 * Number(form.dataset.resendIn);
    const count = () => {
      const seconds = Math.ceil((end - Date.now()) / 1000);
      button.disabled = seconds > 0;
      left.hidden = seconds <= 0;
      usual.hidden = seconds > 0;
      left.textContent = form.dataset.resendSaid.replace("{n}", Math.max(seconds, 0));
      if (seconds > 0) setTimeout(count, 1000);
    };
    count();
  }
})();
