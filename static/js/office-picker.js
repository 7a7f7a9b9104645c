/* Choosing among all offices: finds while one types, and counts what is chosen. Without this file the form's
   own button does both. What is ticked stays ticked, whether it is found or not. */
(() => {
  "use strict";
  const picker = document.querySelector("[data-picker]");
  if (!picker) return;
  const form = picker.closest("form");
  const find = (name) => picker.querySelector(`[data-picker-${name}]`);
  const search = find("search");
  const groups = [...picker.querySelectorAll("[data-picker-group]")].map((part) => ({
    part,
    of: part.querySelector("[data-picker-of]"),
    whole: part.querySelector("[data-picker-whole]"),
    rows: [...part.querySelectorAll("[data-text]")].map((row) => ({ row, box: row.querySelector("input") })),
  }));
  const put = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

  function narrow() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let any = false;
    for (const { part, whole, rows } of groups) {
      let here = false;
      for (const { row, box } of rows) {
        const fits = words.every((word) => row.dataset.text.includes(word));
        row.hidden = !fits && !box.checked;
        here ||= fits;
      }
      const chosen = whole.checked || rows.some(({ box }) => box.checked);
      part.hidden = !here && !chosen;
      if (words.length) part.open = here;
      any ||= here;
    }
    find("none").hidden = any;
  }
  function count() {
    const kinds = new Set([...form.querySelectorAll("[name=kinds]:checked")].map((box) => box.value));
    const nation = !picker.querySelector("[type=checkbox]:checked");
    let all = 0;
    for (const { of, whole, rows } of groups) {
      const meant = rows.filter(({ row, box }) => box.checked || ((whole.checked || nation) && kinds.has(row.dataset.kind))).length;
      of.textContent = put(picker.dataset.of, { n: nation ? 0 : meant, total: rows.length });
      all += meant;
    }
    find("count").textContent = put(nation ? picker.dataset.nation : picker.dataset.said, { n: all });
  }

  find("look").remove(); // or Enter in another field would press it
  search.addEventListener("input", narrow);
  search.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  form.addEventListener("change", count);
  count();
})();
