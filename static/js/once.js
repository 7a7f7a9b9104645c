/* A form is sent once: a second tap on a slow line does nothing. Pages work without this file;
   then the server's idempotency decides. A form opts out with data-once="off". */
(() => {
  "use strict";
  const RETRY_AFTER_MS = 15000; // the line may have failed without leaving the page

  function release(form) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[data-sent]")) {
      delete button.dataset.sent;
      button.removeAttribute("aria-busy");
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    // htmx has already taken its own forms and keeps them single itself.
    if (event.defaultPrevented || form.method !== "post" || form.dataset.once === "off") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    // Not `disabled`: a disabled button would not send its own name and value.
    if (event.submitter) {
      event.submitter.dataset.sent = "true";
      event.submitter.setAttribute("aria-busy", "true");
    }
    setTimeout(release, RETRY_AFTER_MS, form);
  });

  // The back button may bring the page back as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });
})();
