/* allauth says why a security key did not work on the console only; people look at the page. */
(() => {
  "use strict";
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    document.getElementById("key-trouble").hidden = false;
  });
})();
