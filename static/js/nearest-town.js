/* "Use my location": picks the nearest town of the list. The position never leaves the phone:
   the towns carry their own (data-at="latitude,longitude"), and only the town is sent. */
(() => {
  "use strict";
  const button = document.querySelector("[data-nearest-town]");
  const towns = document.querySelector("select[data-towns]");
  const note = document.querySelector("[data-nearest-town-note]");
  if (!button || !towns) return;
  if (!navigator.geolocation) {
    button.remove();
    note?.remove();
    return;
  }
  button.hidden = false;
  if (note) note.hidden = false;

  const live = document.createElement("p");
  live.className = "visually-hidden";
  live.setAttribute("role", "status");
  button.after(live);

  // Good enough to compare distances within Indonesia, which lies along the equator.
  function distance(option, here) {
    const [latitude, longitude] = option.dataset.at.split(",").map(Number);
    return Math.hypot(latitude - here.latitude, longitude - here.longitude);
  }

  function found(position) {
    const options = [...towns.querySelectorAll("option[data-at]")];
    options.sort((one, other) => distance(one, position.coords) - distance(other, position.coords));
    towns.value = options[0].value;
    live.textContent = options[0].textContent;
    button.removeAttribute("aria-busy");
  }

  function failed() {
    button.removeAttribute("aria-busy");
    button.querySelector("span").textContent = button.dataset.failed;
    live.textContent = button.dataset.failed;
    towns.focus();
  }

  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(found, failed, { timeout: 10000, maximumAge: 600000 });
  });
})();
