/* The counter's keyboard. A hand scanner types faster than any hand and ends with Enter: what it reads is
   opened wherever the focus is. A digit presses the button that shows it (data-key), unless somebody is
   typing; the switch turns that off for good. Without this file the search field takes the scanner. */
(() => {
  "use strict";
  const GAP_MS = 60; // between two keys of a scanner; a hand needs more
  const PRESS_MS = 80; // a single key waits so long, in case a scanner goes on
  const STORED = "paspor.keys";
  // A signed ticket, or a booking code. All else (a KTP's number) is left to the field it was meant for.
  const OURS = /^(P\d\.\S{20,}|[0-9A-Z]{4}-?[0-9A-Z]{4})$/i;
  const BUTTONS = ["button", "checkbox", "radio", "submit", "reset", "file"];
  const found = document.querySelector("[data-scan]");

  const typing = (element) =>
    element?.matches("textarea, select, [contenteditable]") ||
    (element?.matches("input") && !BUTTONS.includes(element.type));

  // --- The scanner
  let burst = "";
  let last = 0;
  let before = null;
  let isDirty = false;
  let pending = 0;

  function remember() {
    const field = document.activeElement;
    before = typing(field) ? { field, value: field.value } : null;
  }
  function scanned(text) {
    if (before) before.field.value = before.value;
    const address = `${found.dataset.scan}?pindai=1&q=${encodeURIComponent(text)}`;
    const notice = document.getElementById("terpindai");
    if (!isDirty || !notice) {
      location.assign(address);
      return;
    }
    // What was typed on this page is not thrown away for a scan.
    notice.hidden = false;
    const link = notice.querySelector("a");
    link.href = address;
    link.focus();
  }
  document.addEventListener("input", (event) => {
    if (event.target.form?.method === "post") isDirty = true;
  });
  document.addEventListener("keydown", (event) => {
    clearTimeout(pending);
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Enter") {
      const isScan = event.timeStamp - last < 3 * GAP_MS && OURS.test(burst) && before?.field.name !== "code";
      if (found && isScan) {
        event.preventDefault();
        event.stopPropagation();
        scanned(burst);
      }
      burst = "";
      return;
    }
    if (event.key.length !== 1) return;
    if (event.timeStamp - last > GAP_MS) {
      burst = "";
      remember();
    }
    burst += event.key;
    last = event.timeStamp;
    if (burst.length === 1 && !event.repeat) single(event);
  }, true);

  // --- Single keys
  const shown = document.querySelector("[data-keys]");
  const root = document.documentElement;
  let isOn = true;
  try { isOn = localStorage.getItem(STORED) !== "off"; } catch { /* without storage: on */ }

  function single(event) {
    if (!isOn || !shown || typing(document.activeElement) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") event.preventDefault();
    if (!/^[0-9/]$/.test(event.key)) return;
    pending = setTimeout(press, PRESS_MS, event.key);
  }
  function press(key) {
    const meant = key === "/" ? document.getElementById("q") : visible(`[data-key="${key}"]`);
    if (key === "/") meant?.select();
    meant?.focus();
    if (key !== "/") meant?.click();
  }
  const visible = (selector) =>
    [...document.querySelectorAll(selector)].find((element) => element.getClientRects().length);

  function show() {
    const button = shown.querySelector("button");
    root.classList.toggle("has-keys", isOn);
    button.setAttribute("aria-pressed", String(isOn));
    button.textContent = isOn ? button.dataset.keysOn : button.dataset.keysOff;
  }
  if (shown) {
    shown.hidden = false;
    show();
    shown.querySelector("button").addEventListener("click", () => {
      isOn = !isOn;
      try { localStorage.setItem(STORED, isOn ? "on" : "off"); } catch { /* for this page only */ }
      show();
    });
  }
})();
