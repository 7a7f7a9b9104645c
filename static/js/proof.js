/* A proof of work before a form is taken (components/proof.html): solved in a worker, so that the page
   stays alive, then the form is sent. Without this file, or on a device that cannot, one waits instead. */
(() => {
  "use strict";
  const box = document.querySelector("[data-proof]");
  if (!box || !window.Worker || !window.crypto?.subtle) return;
  const find = (name) => box.querySelector(`[data-proof-${name}]`);
  const [answer, running, said, other] = ["answer", "running", "said", "other"].map(find);
  const bar = running.querySelector("progress");
  const form = answer.form;
  const challenge = JSON.parse(box.dataset.proof);
  let solving = true;

  function say(what) {
    if (said.dataset.now === what) return;
    said.dataset.now = what;
    said.textContent = said.dataset[`proof${what}`];
  }

  function fail() {
    solving = false;
    bar.parentElement.hidden = true;
    other.hidden = false;
    say("Failed");
  }

  function solved(solution) {
    solving = false;
    bar.value = bar.max;
    say("Done");
    answer.value = btoa(JSON.stringify({ challenge, solution }));
    if (form.requestSubmit) form.requestSubmit();
    else form.submit();
  }

  // Who presses once more meanwhile loses nothing: it is sent when it is ready.
  form.addEventListener("submit", (event) => {
    if (solving && !event.submitter?.hasAttribute("formaction")) event.preventDefault();
  });

  running.hidden = false;
  other.hidden = true;
  say("Begun");
  const worker = new Worker(box.dataset.proofWorker);
  worker.onerror = fail;
  worker.onmessage = ({ data }) => {
    if (data.solution) return solved(data.solution);
    if (data.failed) return fail();
    bar.value = data.part * bar.max;
    if (data.part >= 0.5) say("Half");
  };
  worker.postMessage(challenge.parameters);
})();
