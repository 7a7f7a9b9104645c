/* On a phone a row of a list is a card: each value says which column it is of (css/admin.css). */
const table = document.getElementById("result_list");
if (table) {
  const names = [...table.querySelectorAll("thead th")].map((head) => (head.querySelector(".text") || head).textContent.trim());
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.children].forEach((cell, place) => {
      if (cell.tagName === "TD" && names[place] && !cell.classList.contains("action-checkbox")) cell.dataset.label = names[place];
    });
  }
}
