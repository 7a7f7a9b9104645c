/* A menu that is unfolded closes with Escape, and when something beside it is pressed or focused.
   Without this file: by pressing it again. */
(() => {
  "use strict";
  const UNFOLDED = ".header__menu[open], .nav__more > [open]";

  function closeBeside(event) {
    for (const menu of document.querySelectorAll(UNFOLDED)) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  }

  document.addEventListener("click", closeBeside);
  document.addEventListener("focusin", closeBeside);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll(UNFOLDED)) {
      // Before it closes: what is inside cannot keep the focus.
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });
})();
