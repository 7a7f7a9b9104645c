/* The counter's keyboard. What a hand scanner reads is opened wherever the focus is: a scanner types faster than any
   hand, and where it is slow (a remote desktop, a radio link) a ticket still looks like none that a hand would type.
   A digit presses the button that shows it (data-key), unless somebody is typing or anything else is typed around it;
   the switch turns that off for good. Without this file the search field takes the scanner. */
(() => {
  "use strict";
  const GAP_MS = 60; // between two keys of a quick scanner; a hand needs more
  const SLOW_MS = 1000; // a pause that ends whatever was being typed outside the fields
  const PRESS_MS = 300; // a single key waits so long, in case more comes
  const STORED = "paspor.keys";
  // A signed ticket, or a booking code. All else (a KTP's number) is left to the field it was meant for.
  const TICKET = /^P\d\.\S{20,}$/i;
  const BEGINS = /^P(\d(\.\S*)?)?$/i;
  const CODE = /^[0-9A-Z]{4}-?[0-9A-Z]{4}$/i;
  const BUTTONS = ["button", "checkbox", "radio", "submit", "reset", "file"];
  const found = document.querySelector("[data-scan]");

  const typing = (element) =>
    element?.matches("textarea, select, [contenteditable]") ||
    (element?.matches("input") && !BUTTONS.includes(element.type));

  // --- The scanner
  // What was typed without a pause, how slow it was at its slowest, and the field as it was before.
  let burst = "";
  let slowest = 0;
  let last = -Infinity;
  let before = null;
  let isDirty = false;
  let pending = 0;

  function begin() {
    const field = document.activeElement;
    before = typing(field) ? { field, value: field.value } : null;
    burst = "";
    slowest = 0;
  }
  // In a field a code is taken for a scan only where no hand is so quick; a ticket always, outside the fields both.
  function isScan() {
    if (before?.field.name === "code") return false;
    return TICKET.test(burst) || (CODE.test(burst) && (!before || slowest <= GAP_MS));
  }
  function scanned(text) {
    if (before) before.field.value = before.value;
    const address = `${found.dataset.scan}?q=${encodeURIComponent(text)}`;
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
  function goesOn(gap) {
    const field = document.activeElement;
    // A page that has just come takes the focus into its field in the middle of a scan.
    if (!before) return !typing(field) || gap <= GAP_MS;
    return field === before.field && (gap <= GAP_MS || BEGINS.test(burst));
  }
  document.addEventListener("keydown", (event) => {
    clearTimeout(pending);
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const gap = event.timeStamp - last;
    if (event.key === "Enter") {
      if (gap <= SLOW_MS) ended(event);
      burst = "";
      return;
    }
    if (event.key.length !== 1) return;
    const isFirst = gap > SLOW_MS;
    if (isFirst || !goesOn(gap)) begin();
    else slowest = Math.max(slowest, gap);
    burst += event.key;
    last = event.timeStamp;
    if (isFirst && !event.repeat) single(event);
  }, true);
  function ended(event) {
    const isOurs = isScan();
    // Outside the fields nobody types words: what came is half a scan, and its Enter presses nothing.
    if (!isOurs && (before || burst.length < 2)) return;
    event.preventDefault();
    event.stopPropagation();
    document.getElementById("tak-terbaca").hidden = isOurs;
    if (isOurs) scanned(burst);
  }

  // Somebody was received in the list: the next one is looked for.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.verb !== "post") return;
    document.getElementById("q")?.focus({ preventScroll: true });
    document.getElementById("q")?.select();
  });

  // --- Single keys
  const shown = document.querySelector("[data-keys]");
  const root = document.documentElement;
  let isOn = true;
  try { isOn = localStorage.getItem(STORED) !== "off"; } catch { /* without storage: on */ }

  function single(event) {
    if (!isOn || !shown || typing(document.activeElement) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      event.preventDefault();
      document.getElementById("q")?.select();
    } else if (/^[0-9]$/.test(event.key)) {
      pending = setTimeout(press, PRESS_MS, event.key);
    }
  }
  function press(key) {
    const meant = visible(`[data-key="${key}"]`);
    meant?.focus();
    meant?.click();
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
