/* The counter without the portal: one page opened from disk, nothing fetched, nothing sent.
   docs/day-list.md says what the files look like. Names stay in memory; only marks are stored. */
(() => {
  "use strict";

  const { words, tickets, reasons, wordy } = JSON.parse(document.getElementById("data").textContent);
  const SEAL = "paspor-seal/1";
  const ROUNDS = 600000;
  const PASSPHRASE = 12;
  // A private key of 32 bytes as PKCS #8 (RFC 8410).
  const ED25519_HEAD = [48, 46, 2, 1, 0, 48, 5, 6, 3, 43, 101, 112, 4, 34, 4, 32];
  const $ = (id) => document.getElementById(id);
  const text = new TextEncoder();
  const say = (word, values = {}) => words[word].replace(/\{(\w+)\}/g, (_all, name) => values[name]);

  // --- Bytes ---------------------------------------------------------------------------

  const encoded = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function decoded(value) {
    if (!/^[\w-]*$/.test(value)) throw new Error("base64");
    const raw = Uint8Array.from(atob(value.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
    // Base64 has other spellings of the same bytes; a signed text has one.
    if (long(raw) !== value) throw new Error("base64");
    return raw;
  }

  // fromCharCode(...) takes some thousands of bytes at most.
  function long(bytes) {
    let value = "";
    for (let at = 0; at < bytes.length; at += 3000) value += encoded(bytes.subarray(at, at + 3000));
    return value;
  }

  const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
  const told = (bytes) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));

  async function fingerprint(raw) {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw));
    return [...digest.subarray(0, 8)].map((one) => one.toString(16).padStart(2, "0")).join("");
  }

  // --- Signatures ------------------------------------------------------------------------

  /* The parts before the signature, or null: not of the portal, or changed. */
  async function genuine(line, version, parts) {
    try {
      const at = line.lastIndexOf(".");
      const signed = line.slice(0, at);
      const found = signed.split(".");
      if (found.length !== parts || found[0] !== version || !Object.hasOwn(tickets, found[1])) return null;
      const key = await crypto.subtle.importKey("raw", decoded(tickets[found[1]]), "Ed25519", false, ["verify"]);
      const holds = await crypto.subtle.verify("Ed25519", key, decoded(line.slice(at + 1)), text.encode(signed));
      return holds ? found : null;
    } catch {
      return null;
    }
  }

  async function ticketOf(line) {
    const found = await genuine(line, "P1", 3);
    if (!found) return null;
    const [code, office, day, start, people] = new TextDecoder().decode(decoded(found[2])).split("|");
    return { code, office, day: day.replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3"), start: Number(start), people: Number(people) };
  }

  // --- The office's key --------------------------------------------------------------------

  async function lockOf(passphrase, salt, rounds) {
    const secret = await crypto.subtle.importKey("raw", text.encode(passphrase), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
    return crypto.subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  }

  async function makeKey(passphrase) {
    const pair = await crypto.subtle.generateKey("X25519", true, ["deriveBits"]);
    const own = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const secret = await crypto.subtle.exportKey("pkcs8", pair.privateKey);
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const lock = await lockOf(passphrase, salt, ROUNDS);
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: own }, lock, secret);
    const file = { format: "paspor-key/1", public: encoded(own), rounds: ROUNDS, salt: encoded(salt), nonce: encoded(nonce), sealed: encoded(sealed) };
    return { file: JSON.stringify(file), public: encoded(own), fingerprint: await fingerprint(own) };
  }

  async function openKey(file, passphrase) {
    let kept;
    try {
      kept = JSON.parse(file);
      if (kept.format !== "paspor-key/1") throw new Error("format");
    } catch {
      throw new Refused("notAKey");
    }
    const own = decoded(kept.public);
    try {
      const lock = await lockOf(passphrase, decoded(kept.salt), kept.rounds);
      const how = { name: "AES-GCM", iv: decoded(kept.nonce), additionalData: own };
      const secret = await crypto.subtle.decrypt(how, lock, decoded(kept.sealed));
      return { own, secret: await crypto.subtle.importKey("pkcs8", secret, "X25519", false, ["deriveBits"]) };
    } catch {
      throw new Refused("wrongPassphrase");
    }
  }

  // --- The day list ----------------------------------------------------------------------------

  class Refused extends Error {
    constructor(word, values) {
      super(say(word, values));
    }
  }

  async function openList(file, key) {
    const parts = await genuine(file.trim(), "D1", 4);
    if (!parts) throw new Refused("notGenuine");
    const head = decoded(parts[2]);
    const header = told(head);
    if (header.to !== (await fingerprint(key.own))) throw new Refused("otherKey", { key: header.to });
    const sealed = decoded(parts[3]);
    const theirs = sealed.subarray(0, 32);
    const point = await crypto.subtle.importKey("raw", theirs, "X25519", false, []);
    const shared = await crypto.subtle.deriveBits({ name: "X25519", public: point }, key.secret, 256);
    const base = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: joined(theirs, key.own), info: text.encode(SEAL) };
    const lock = await crypto.subtle.deriveKey(how, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    const opening = { name: "AES-GCM", iv: sealed.subarray(32, 44), additionalData: head };
    return { header, inside: told(new Uint8Array(await crypto.subtle.decrypt(opening, lock, sealed.subarray(44)))) };
  }

  // --- What happened ---------------------------------------------------------------------------

  let list = null;
  let kept = null;
  let shown = "";

  const seconds = () => Math.floor(Date.now() / 1000);
  const storeName = () => `paspor:${list.header.list}`;
  const nameOf = (booking, who) => `${booking} ${who}`;
  const clock = (at) => new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit", timeZone: list.inside.office.zone }).format(at * 1000);
  const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: list.inside.office.zone }).format(Date.now());
  const stateOf = (person) => kept.marks[nameOf(person.booking, person.who)]?.state ?? person.state;

  function keep() {
    kept.saved = false;
    localStorage.setItem(storeName(), JSON.stringify(kept));
    draw();
  }

  function mark(person, state, reason = "") {
    const name = nameOf(person.booking, person.who);
    const before = kept.marks[name];
    const made = { booking: person.booking, who: person.who, people: person.people, state, arrived_at: before?.arrived_at ?? null, ended_at: null, reason };
    if (state === "CHECKED_IN") made.arrived_at = seconds();
    else made.ended_at = seconds();
    if (made.arrived_at === null && state === "TURNED_AWAY" && person.state !== "CHECKED_IN") made.arrived_at = made.ended_at;
    kept.marks[name] = made;
    keep();
  }

  /* One step back; the first step of all leaves no mark. */
  function takeBack(person) {
    const name = nameOf(person.booking, person.who);
    const made = kept.marks[name];
    if (made.state === "SERVED" && made.arrived_at !== null) {
      kept.marks[name] = { ...made, state: "CHECKED_IN", ended_at: null };
    } else delete kept.marks[name];
    keep();
  }

  async function record() {
    const { header, inside } = list;
    const seed = decoded(inside.seed);
    const key = await crypto.subtle.importKey("pkcs8", joined(ED25519_HEAD, seed), "Ed25519", false, ["sign"]);
    const marks = Object.values(kept.marks).map(({ booking, who, state, arrived_at, ended_at, reason }) => ({ booking, who, state, arrived_at, ended_at, reason }));
    const what = { list: header.list, office: header.office, day: header.day, saved_at: seconds(), marks, walk_ins: kept.walkIns };
    const signed = `R1.${header.list}.${long(text.encode(JSON.stringify(what)))}`;
    return `${signed}.${encoded(await crypto.subtle.sign("Ed25519", key, text.encode(signed)))}`;
  }

  function download(name, content) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  // --- Showing -----------------------------------------------------------------------------------

  function make(tag, className, content = "") {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.textContent = content;
    return element;
  }

  function tell(id, tone, message) {
    const box = $(id);
    box.className = message ? `alert alert--${tone}` : "";
    box.replaceChildren(...(message ? [make("p", "alert__title", message)] : []));
  }

  function button(label, tone, act, name) {
    const made = make("button", `button button--small${tone ? ` button--${tone}` : ""}`, label);
    made.type = "button";
    made.setAttribute("aria-label", `${label}: ${name}`);
    made.addEventListener("click", act);
    return made;
  }

  const MAY = { CHECKED_IN: ["BOOKED", "NO_SHOW"], SERVED: ["CHECKED_IN"], TURNED_AWAY: ["BOOKED", "NO_SHOW", "CHECKED_IN"] };

  function actsOf(person, hour) {
    const state = stateOf(person);
    const acts = make("div", "offline-acts");
    const opens = hour ? hour.from - list.inside.early : 0;
    if (MAY.CHECKED_IN.includes(state)) {
      if (seconds() < opens) acts.append(make("span", "caption muted", say("from", { at: clock(opens) })));
      else acts.append(button(words.arrived, "", () => mark(person, "CHECKED_IN"), person.name));
    }
    if (MAY.SERVED.includes(state)) acts.append(button(words.served, "", () => mark(person, "SERVED"), person.name));
    if (MAY.TURNED_AWAY.includes(state)) acts.append(turnAway(person));
    if (kept.marks[nameOf(person.booking, person.who)]) acts.append(button(words.undo, "quiet", () => takeBack(person), person.name));
    return acts;
  }

  function turnAway(person) {
    const choice = make("select", "offline-reason");
    choice.setAttribute("aria-label", `${words.turnAway}: ${person.name}`);
    choice.append(new Option(`${words.turnAway} …`, ""), ...reasons.map(([code, label]) => new Option(label, code)));
    choice.addEventListener("change", () => {
      if (choice.value === wordy) {
        choice.value = "";
        tell("found", "warning", say("wordy", { name: person.name }));
      } else if (choice.value) mark(person, "TURNED_AWAY", choice.value);
    });
    return choice;
  }

  function row(person, hour) {
    const item = make("li", "offline-person card");
    item.id = `p-${nameOf(person.booking, person.who).replace(" ", "-")}`;
    item.tabIndex = -1;
    if (person.booking === shown) item.classList.add("offline-person--found");
    const made = kept.marks[nameOf(person.booking, person.who)];
    const state = make("span", "status", words[stateOf(person)] + (made ? ` ${clock(made.ended_at ?? made.arrived_at)}` : ""));
    const head = make("div", "offline-head");
    head.append(make("strong", "", person.name), state);
    if (person.coming && stateOf(person) === "BOOKED") head.append(make("span", "caption muted", words.coming));
    item.append(head, make("span", "caption muted", [person.booking, person.nik, person.kind, person.type, person.entitlement].filter(Boolean).join(" · ")));
    for (const remark of person.remarks ?? []) item.append(make("span", "caption offline-remark", remark));
    item.append(actsOf(person, hour));
    return item;
  }

  function section(title, people, hour) {
    const part = make("section", "stack stack--tight");
    const rows = make("ul", "offline-list");
    rows.append(...people.map((person) => row(person, hour)));
    part.append(make("h2", "", title), rows);
    return part;
  }

  const strangers = () => Object.values(kept.strangers);

  function draw() {
    const { hours, office } = list.inside;
    const everyone = hours.flatMap((hour) => hour.people).concat(strangers());
    const count = (...states) => everyone.filter((person) => states.includes(stateOf(person))).length;
    $("counts").textContent = say("counts", { waiting: count("BOOKED"), coming: everyone.filter((one) => one.coming && stateOf(one) === "BOOKED").length, present: count("CHECKED_IN"), served: count("SERVED"), walkIns: kept.walkIns.length });
    const parts = hours.map((hour) => section(`${clock(hour.from)}–${clock(hour.to)} ${office.zone_name}`, hour.people, hour));
    if (strangers().length) parts.push(section(words.notListed, strangers(), null));
    $("people").replaceChildren(...parts);
    $("walk-ins").replaceChildren(...kept.walkIns.map((one) => make("li", "", `${say("number", { n: one.n })} · ${clock(one.at)}`)));
    $("walk-in-undo").hidden = kept.walkIns.length === 0;
    $("unsaved").hidden = kept.saved;
  }

  function show(code) {
    shown = code;
    draw();
    const found = document.querySelector(".offline-person--found");
    found?.scrollIntoView({ block: "center" });
  }

  async function find(line) {
    if (line.includes(".")) return findTicket(await ticketOf(line));
    const wanted = line.toUpperCase().replace(/[^0-9A-Z]/g, "");
    const everyone = list.inside.hours.flatMap((hour) => hour.people);
    const found = everyone.find((one) => one.booking === wanted) ?? everyone.find((one) => one.name.toUpperCase().includes(line.toUpperCase()));
    if (!found) return tell("found", "warning", say("notFound", { text: line }));
    tell("found", "info", say("foundCode", { name: found.name }));
    return show(found.booking);
  }

  function findTicket(ticket) {
    const { office, day } = list.header;
    shown = "";
    if (!ticket) return tell("found", "error", words.forged);
    if (ticket.office !== office) return tell("found", "error", say("otherOffice", { office: ticket.office }));
    if (ticket.day !== day) return tell("found", "error", say("otherDay", { day: ticket.day }));
    const people = list.inside.hours.flatMap((hour) => hour.people).filter((one) => one.booking === ticket.code);
    if (people.length) {
      tell("found", "success", say("genuine", { names: people.map((one) => one.name).join(", ") }));
    } else {
      tell("found", "warning", say("genuineNotListed", { code: ticket.code }));
      kept.strangers[ticket.code] = { booking: ticket.code, who: "", people: ticket.people, name: say("ticketOf", { code: ticket.code, n: ticket.people }), state: "BOOKED" };
      keep();
    }
    return show(ticket.code);
  }

  // --- Doors ---------------------------------------------------------------------------------------

  function onSubmit(id, work, box) {
    $(id).addEventListener("submit", async (event) => {
      event.preventDefault();
      const pressed = event.target.querySelector("button[type=submit]");
      pressed.disabled = true;
      tell(box, "info", words.working);
      try {
        await work();
      } catch (problem) {
        tell(box, "error", problem instanceof Refused ? problem.message : words.damaged);
      }
      pressed.disabled = false;
    });
  }

  async function openAll() {
    const [file, keyFile] = [$("list-file").files[0], $("key-file").files[0]];
    if (!file || !keyFile) throw new Refused("chooseBoth");
    const key = await openKey(await keyFile.text(), $("passphrase").value);
    list = await openList(await file.text(), key);
    $("passphrase").value = "";
    kept = { marks: {}, strangers: {}, walkIns: [], saved: true, ...JSON.parse(localStorage.getItem(storeName()) ?? "{}") };
    $("open").hidden = true;
    $("key").hidden = true;
    $("work").hidden = false;
    $("title").textContent = list.inside.office.name;
    $("subtitle").textContent = `${new Intl.DateTimeFormat("id-ID", { dateStyle: "full", timeZone: "UTC" }).format(Date.parse(list.header.day))} · ${say("madeAt", { at: clock(Date.parse(list.header.made_at) / 1000) })}`;
    tell("opened", "info", "");
    if (today() !== list.header.day) tell("found", "warning", say("notToday", { day: list.header.day, clock: clock(seconds()) }));
    draw();
    $("scan").focus();
  }

  function start() {
    onSubmit("open-form", openAll, "opened");
    onSubmit("key-form", async () => {
      const passphrase = $("new-passphrase").value;
      if (passphrase.length < PASSPHRASE) throw new Refused("tooShort", { n: PASSPHRASE });
      if (passphrase !== $("new-passphrase-again").value) throw new Refused("differs");
      const made = await makeKey(passphrase);
      download(`kunci-kantor-${made.fingerprint}.paspor-kunci`, made.file);
      $("public-key").textContent = made.public;
      $("public").hidden = false;
      $("new-passphrase").value = $("new-passphrase-again").value = "";
      tell("key-made", "success", say("keyMade", { key: made.fingerprint }));
    }, "key-made");
    $("scan-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const line = $("scan").value.trim();
      $("scan").value = "";
      if (line) await find(line);
      $("scan").focus();
    });
    $("walk-in").addEventListener("click", () => {
      const n = (kept.walkIns.at(-1)?.n ?? 0) + 1;
      kept.walkIns.push({ n, at: seconds() });
      keep();
      tell("found", "success", say("walkIn", { n }));
    });
    $("walk-in-undo").addEventListener("click", () => {
      kept.walkIns.pop();
      keep();
      tell("found", "info", words.walkInUndone);
    });
    $("save").addEventListener("click", async () => {
      download(`catatan-${list.header.office}-${list.header.day}.paspor`, await record());
      kept.saved = true;
      localStorage.setItem(storeName(), JSON.stringify(kept));
      draw();
      tell("found", "success", words.saved);
    });
    addEventListener("beforeunload", (event) => {
      if (kept && !kept.saved) event.preventDefault();
    });
    // Whoever comes early becomes ready by itself; a choice that is open stays open.
    setInterval(() => {
      if (list && document.activeElement?.tagName !== "SELECT") draw();
    }, 30000);
    $("open").hidden = false;
    $("key").hidden = false;
  }

  async function isAble() {
    try {
      await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
      await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
      localStorage.setItem("paspor:try", "1");
      localStorage.removeItem("paspor:try");
      return true;
    } catch {
      return false;
    }
  }

  isAble().then((able) => {
    $("unable").hidden = able;
    if (able) start();
  });
})();
