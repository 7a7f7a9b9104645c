/* The walk-in form: what a NIK says of its owner is put into the empty fields, to be looked up on the card. */
(() => {
  "use strict";
  const form = document.querySelector("[data-proposed]");
  const WOMEN = 40; // added to the day of birth
  const said = document.createElement("p");
  said.className = "field__hint";
  said.setAttribute("role", "status");

  function owner(text) {
    const nik = text.replace(/\D/g, "");
    if (nik.length !== 16) return null;
    const [day, month, year] = [6, 8, 10].map((at) => Number(nik.slice(at, at + 2)));
    const isWoman = day > WOMEN;
    const now = new Date();
    const century = 2000 + year > now.getFullYear() ? 1900 : 2000;
    const two = (number) => String(number).padStart(2, "0");
    const born = `${century + year}-${two(month)}-${two(isWoman ? day - WOMEN : day)}`;
    const date = new Date(`${born}T00:00:00Z`);
    const isDate = !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(born);
    return isDate ? { born, sex: isWoman ? "F" : "M" } : null;
  }
  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset.nik === undefined) {
      // Typed by hand: no proposal overwrites it.
      delete field.dataset.isProposed;
      return;
    }
    const found = owner(field.value);
    if (!found) return;
    const at = (name) => form.querySelectorAll(`[name="${field.name.replace(/nik$/, name)}"]`);
    const [date] = at("birth_date");
    if (!date.value || date.dataset.isProposed) {
      date.value = found.born;
      date.dataset.isProposed = "1";
    }
    const radios = [...at("sex")];
    const chosen = radios.find((radio) => radio.checked);
    if (!chosen || chosen.dataset.isProposed) {
      const meant = radios.find((radio) => radio.value === found.sex);
      meant.checked = true;
      meant.dataset.isProposed = "1";
    }
    said.textContent = form.dataset.proposed;
    date.before(said);
  });
  const first = form.querySelector("[data-nik]");
  if (!first.value && !document.querySelector("[autofocus]")) first.focus();
})();
