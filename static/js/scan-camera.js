/* Reads a ticket's QR with the camera: by the browser's own detector where there is one, else by jsQR, which is
   fetched on first use only. Without a camera the button stays hidden, and a hand scanner or typing does it. */
(() => {
  "use strict";
  const LOOK_MS = 120;
  const WIDTH = 640;
  const button = document.querySelector("[data-camera]");
  const dialog = document.getElementById("kamera");
  const found = document.querySelector("[data-scan]");
  if (!button || !dialog || !found || !navigator.mediaDevices?.getUserMedia) return;
  const video = dialog.querySelector("video");
  const said = dialog.querySelector("[data-camera-said]");
  const canvas = document.createElement("canvas");
  let stream = null;
  let wanted = 0; // each opening has a number; what belongs to an older one stops

  async function detector() {
    const formats = (await window.BarcodeDetector?.getSupportedFormats?.()) ?? [];
    if (formats.includes("qr_code")) {
      const native = new window.BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await native.detect(video))[0]?.rawValue;
    }
    await load(dialog.dataset.decoder);
    const paper = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      canvas.width = WIDTH;
      canvas.height = Math.round((WIDTH * video.videoHeight) / video.videoWidth);
      paper.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = paper.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" })?.data;
    };
  }
  function load(address) {
    if (window.jsQR) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  async function open() {
    const mine = ++wanted;
    said.textContent = dialog.dataset.starting;
    dialog.showModal();
    try {
      const camera = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (mine !== wanted || !dialog.open) {
        camera.getTracks().forEach((track) => track.stop());
        return;
      }
      stream = camera;
      video.srcObject = camera;
      await video.play();
      const read = await detector();
      said.textContent = dialog.dataset.ready;
      look(read, mine);
    } catch (problem) {
      const isRefused = problem?.name === "NotAllowedError";
      said.textContent = isRefused ? dialog.dataset.refused : dialog.dataset.failed;
    }
  }
  async function look(read, mine) {
    if (mine !== wanted || !dialog.open) return;
    const text = video.videoWidth ? await read().catch(() => "") : "";
    if (text) {
      location.assign(`${found.dataset.scan}?q=${encodeURIComponent(text)}`);
      dialog.close();
      return;
    }
    setTimeout(look, LOOK_MS, read, mine);
  }
  dialog.addEventListener("close", () => {
    wanted += 1;
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
  });
  button.hidden = false;
  button.addEventListener("click", open);
})();
