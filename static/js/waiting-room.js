/* The waiting room's screen, left open for days: asks every few seconds, changes the few elements that are there
   and makes none, and says so when it hears nothing. Sound is made here, after the touch that browsers ask for. */
(() => {
  "use strict";
  const OFTEN_MS = 3000;
  const PATIENCE_MS = 8000;
  const LOST_MS = 12000;
  const MOST_TOLD = 4; // after a break only the latest calls are announced
  const wall = document.body;
  const find = (name) => wall.querySelector(`[data-${name}]`);
  const now = find("now");
  const slots = [now, ...wall.querySelectorAll("[data-row]")].map((part) => ({
    part,
    number: part.querySelector("[data-number]"),
    at: part.querySelector("[data-at]"),
    state: part.querySelector("[data-state]"),
  }));
  const first = JSON.parse(document.getElementById("panggilan").textContent);
  let seen = first;
  // Every call of the day that stood here: one that comes back, since its end was undone, is no new one.
  const told = new Set(all(first).map(name));
  let heard = Date.now();
  let ahead = 0; // of the server's clock, against this device's

  // --- What is shown
  const timeOf = (options) => new Intl.DateTimeFormat("id", { timeZone: wall.dataset.zone, ...options });
  const clock = timeOf({ hour: "2-digit", minute: "2-digit" });
  const date = timeOf({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

  /* Large is only whom a counter still expects: who has come to it stands beside, however new the call. */
  function show({ called, serving }) {
    const newest = called[0];
    const shown = newest ? [...called, ...serving] : [undefined, ...serving];
    slots.forEach(({ part, number, at, state }, place) => {
      const call = shown[place];
      number.textContent = call?.[0] ?? "";
      at.textContent = call?.[1] ?? "";
      if (!place) return;
      const isCalled = place < called.length;
      part.hidden = !call;
      part.classList.toggle("is-called", isCalled);
      state.textContent = isCalled ? wall.dataset.called : wall.dataset.serving;
    });
    const left = Math.max(shown.length - slots.length, 0);
    find("more").textContent = find("more").dataset.words.replace("{n}", left);
    find("more").hidden = !left;
    slots[0].number.hidden = find("counter").hidden = !newest;
    find("none").hidden = Boolean(newest);
    now.classList.toggle("is-empty", !newest);
  }
  function tick() {
    const instant = Date.now() + ahead;
    find("clock").textContent = `${clock.format(instant)} ${wall.dataset.zoneName}`;
    find("day").textContent = date.format(instant);
    if (Date.now() - heard > LOST_MS) cutOff();
  }
  const cutOff = () => lose(wall.dataset.lost.replace("{jam}", clock.format(heard + ahead)));
  function lose(text) {
    const said = find("lost-said");
    if (said.textContent !== text) said.textContent = text;
    said.hidden = false;
    wall.classList.add("is-lost");
  }
  function heardAgain() {
    heard = Date.now();
    find("lost-said").hidden = true;
    wall.classList.remove("is-lost");
  }

  // --- Asking
  async function ask() {
    try {
      const answer = await fetch(wall.dataset.calls, {
        cache: "no-cache",
        credentials: "same-origin",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (answer.ok) {
        const date = Date.parse(answer.headers.get("Date"));
        if (date) ahead = date - Date.now();
        take(await answer.json());
        heardAgain();
      } else if (answer.status === 403) {
        // No longer a screen of this office: the way on shows a code, or another office's calls.
        location.replace(wall.dataset.start);
        return;
      }
    } catch { /* the line is away: the clock notices, and the next time asks again */ }
    setTimeout(ask, OFTEN_MS);
  }
  function take(picture) {
    if (picture.layout !== first.layout) {
      location.reload();
      return;
    }
    if (picture.day !== seen.day) told.clear();
    const fresh = picture.called.filter((call) => !told.has(name(call)));
    all(picture).forEach((call) => told.add(name(call)));
    seen = picture;
    show(picture);
    if (fresh.length) announce(fresh.slice(0, MOST_TOLD).reverse());
  }
  /* A call by its number and how often it was called, whichever counter it comes back to. */
  function name([label, , times]) {
    return `${label}:${times}`;
  }
  function all({ called, serving }) {
    return [...called, ...serving];
  }

  // --- Saying it
  let sound = null;
  let telling = Promise.resolve();
  const voice = () => window.speechSynthesis?.getVoices().find((one) => /^(id|in)\b/i.test(one.lang));
  const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

  function announce(calls) {
    now.classList.remove("is-new");
    void now.offsetWidth; // begins the movement anew
    now.classList.add("is-new");
    if (!sound) return;
    // One after the other, and never a row of old ones.
    for (const call of calls) telling = telling.then(() => tell(call)).catch(() => {});
  }
  async function tell([label, counter]) {
    chime();
    await pause(1500);
    if (!find("speak-on").checked || !voice()) return;
    const spoken = new SpeechSynthesisUtterance(
      wall.dataset.spoken.replace("{nomor}", [...label].join(" ")).replace("{loket}", counter),
    );
    spoken.voice = voice();
    spoken.lang = "id-ID";
    spoken.rate = 0.9;
    await Promise.race([
      new Promise((done) => { spoken.onend = spoken.onerror = done; window.speechSynthesis.speak(spoken); }),
      pause(PATIENCE_MS),
    ]);
  }
  /* Two tones, as in a station: made here, no file. */
  function chime() {
    [[659.25, 0], [523.25, 0.45]].forEach(([pitch, after]) => {
      const tone = sound.createOscillator();
      const loud = sound.createGain();
      const begin = sound.currentTime + after;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.0001, begin);
      loud.gain.exponentialRampToValueAtTime(0.5, begin + 0.02);
      loud.gain.exponentialRampToValueAtTime(0.0001, begin + 0.9);
      tone.connect(loud).connect(sound.destination);
      tone.start(begin);
      tone.stop(begin + 1);
    });
  }
  async function soundOn() {
    sound = sound ?? new AudioContext();
    await sound.resume();
    chime();
    stayAwake();
    find("sound-on").hidden = true;
    find("sound-why").hidden = true;
    if (find("speak").hidden && find("full").hidden) find("sound").hidden = true;
  }
  async function stayAwake() {
    try { await navigator.wakeLock?.request("screen"); } catch { /* the television's own settings decide */ }
  }
  function offerVoice() {
    find("speak").hidden = !voice();
  }
  if (window.AudioContext) {
    find("sound").hidden = false;
    find("sound-on").addEventListener("click", soundOn);
    offerVoice();
    window.speechSynthesis?.addEventListener?.("voiceschanged", offerVoice);
  }
  if (document.documentElement.requestFullscreen) {
    find("full").hidden = false;
    find("full").addEventListener("click", () => document.documentElement.requestFullscreen());
    document.addEventListener("fullscreenchange", () => {
      // On the wall nothing but numbers, once the sound is on.
      find("sound").hidden = Boolean(document.fullscreenElement && sound);
    });
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden && sound) stayAwake(); });

  window.addEventListener("offline", cutOff);
  tick();
  setInterval(tick, 1000);
  setTimeout(ask, OFTEN_MS);
})();
