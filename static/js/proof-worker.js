/* Solves a challenge of ALTCHA's protocol, version 2, PBKDF2: counts up until the key that is derived
   from nonce and counter begins with the prefix that is asked for. Tells how far it has come. */
"use strict";
const TELL_EVERY_MS = 200;

const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (array) => Array.from(array, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive(parameters, password, salt) {
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: parameters.cost };
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
}

async function solve(parameters) {
  const nonce = bytes(parameters.nonce);
  const salt = bytes(parameters.salt);
  const prefix = bytes(parameters.keyPrefix);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const counter = new DataView(password.buffer, nonce.length);
  const most = parameters.data.most;
  let told = performance.now();
  for (let n = 0; n <= most; n += 1) {
    counter.setUint32(0, n);
    const key = await derive(parameters, password, salt);
    if (prefix.every((byte, at) => key[at] === byte)) return { counter: n, derivedKey: hex(key) };
    if (performance.now() - told > TELL_EVERY_MS) {
      told = performance.now();
      postMessage({ part: n / most });
    }
  }
  throw new Error("no solution");
}

onmessage = async ({ data }) => {
  try {
    if (data.algorithm !== "PBKDF2/SHA-256") throw new Error("unknown algorithm");
    postMessage({ solution: await solve(data) });
  } catch {
    postMessage({ failed: true });
  }
};
