/* A domain that looks mistyped is pointed out beside its field. Only the domain is asked about;
   nothing is changed by itself, and the form takes whatever stands there. */
(() => {
  "use strict";
  const field = document.querySelector("[data-typo]");
  const box = document.querySelector("[data-typo-box]");
  if (!field || !box) return;
  const line = box.querySelector("p");
  const words = line.querySelector("span");
  field.closest(".field").append(box);
  let meant = "";

  async function look() {
    const typed = field.value.trim();
    const at = typed.lastIndexOf("@");
    line.hidden = true;
    if (at < 1 || at === typed.length - 1) return;
    try {
      const answer = await fetch(`${field.dataset.typo}?domain=${encodeURIComponent(typed.slice(at + 1))}`);
      const domain = answer.ok ? (await answer.json()).meant : "";
      if (!domain || field.value.trim() !== typed) return;
      meant = `${typed.slice(0, at)}@${domain}`;
      words.textContent = line.dataset.typoSaid.replace("{address}", () => meant);
      line.hidden = false;
    } catch { /* a hint less */ }
  }
  field.addEventListener("change", look);
  line.querySelector("button").addEventListener("click", () => {
    field.value = meant;
    line.hidden = true;
    field.focus();
  });
})();
