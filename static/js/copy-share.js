/* Copy, share and print buttons. They are written `hidden` and shown only where the browser can do it. */
(() => {
  "use strict";

  const live = document.createElement("p");
  live.className = "visually-hidden";
  live.setAttribute("role", "status");
  document.body.append(live);

  function show(selector, works, act) {
    if (!works) return;
    for (const button of document.querySelectorAll(selector)) {
      button.hidden = false;
      button.addEventListener("click", () => act(button));
    }
  }

  show("[data-copy]", Boolean(navigator.clipboard), async (button) => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector("span") || button;
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    live.textContent = button.dataset.copied;
    setTimeout(() => { label.textContent = before; }, 3000);
  });

  show("[data-share]", Boolean(navigator.share), (button) => {
    const { share: url, shareTitle: title, shareText: text } = button.dataset;
    // Closing the share sheet rejects the promise; that is no failure.
    navigator.share({ url, title, text }).catch(() => {});
  });

  show("[data-print]", true, () => window.print());
})();
