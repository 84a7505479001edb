// The scan page of a door: camera, keyboard reader, search by name. Without this script its two forms still work.
"use strict";

(function (Door) {
  const ASK_EVERY = 20000;
  const REFRESH_EVERY = 30;
  const root = document.querySelector("[data-door]");
  const config = JSON.parse(document.getElementById("porte-donnees").textContent);
  const screen = new Door.Screen(root, config);
  const control = root.querySelector("[data-door-control]");
  const code = root.querySelector("[data-door-code]");
  const results = root.querySelector("[data-door-results]");
  let marks = new Set(config.marks);
  let shown = "";
  let said = "";
  let asked = 0;

  const queue = new Door.Queue(config, {
    answered(reading, answer, reply) {
      const late = Boolean(reading && reading.offline);
      if (reading && reading.nonce === shown) {
        screen.answer(answer, () => force(reading));
      }
      screen.note(answer, late);
      if (reply.tally && reading && String(reading.checkpoint) === control.value) screen.tally(...reply.tally);
      screen.warn(reply.clock || "");
    },
    cut(readings) {
      for (const reading of readings) if (reading.nonce === shown) sayWithoutNetwork(reading);
    },
    refused: (sentence) => screen.warn(sentence),
    over() {
      screen.warn(config.words.over.replace("#", queue.waiting));
    },
    changed: (number) => screen.waiting(number),
  });

  function scan(facts) {
    const reading = queue.add({ checkpoint: Number(control.value), ...facts });
    shown = reading.nonce;
    // The network is known to be away: nobody waits at the door for it to be tried again.
    if (queue.isOver || queue.failures || !navigator.onLine) sayWithoutNetwork(reading);
    return reading;
  }

  function force(reading) {
    scan({ ticket: reading.ticket, registration: reading.registration, way: reading.way, checkpoint: reading.checkpoint, forced: true });
  }

  async function sayWithoutNetwork(reading) {
    if (said === reading.nonce) return;
    said = reading.nonce;
    const known = reading.registration ? true : await isKnown(reading.ticket);
    const answer = known === null ? config.offline.unsure : known ? config.offline.known : config.offline.unknown;
    screen.answer(answer);
    screen.note(answer, false);
  }

  // The page knows tickets by the beginning of their SHA-256 alone. null: this browser cannot tell.
  async function isKnown(ticket) {
    if (!window.crypto.subtle) return null;
    const written = normalised(ticket);
    if (!written) return false;
    const digest = await window.crypto.subtle.digest("SHA-256", new TextEncoder().encode(written));
    const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return marks.has(hex.slice(0, config.mark_length));
  }

  // As assises.reads.tickets.normalised does.
  function normalised(typed) {
    const letters = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1").replace(/U/g, "V");
    return letters.length === 16 ? letters.match(/.{4}/g).join("-") : "";
  }

  // The two forms, taken over.
  code.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const ticket = code.value.trim().slice(0, 200);
    code.value = "";
    if (ticket) scan({ ticket, way: "keyboard" });
  });

  root.querySelector("[data-door-search]").addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target));
    try {
      const response = await fetch(config.urls.search, { method: "POST", body, headers: { "X-Porte": "recherche" }, cache: "no-store" });
      if (!response.ok) throw new Error("no answer");
      results.innerHTML = await response.text();
    } catch {
      results.textContent = config.words.search_offline;
    }
  });

  results.addEventListener("submit", (event) => {
    event.preventDefault();
    const registration = Number(new FormData(event.target).get("registration"));
    results.replaceChildren();
    scan({ registration, ticket: "", way: "name" });
    root.querySelector("[data-door-answer]").scrollIntoView({ block: "nearest" });
  });

  // The control changes in place: a page loaded again would need the network.
  root.querySelector("[data-door-control-button]").hidden = true;
  control.addEventListener("change", () => ask());

  async function ask() {
    if (queue.isOver || document.hidden) return;
    asked += 1;
    const more = asked % REFRESH_EVERY === 0 ? "&billets" : "";
    try {
      const response = await fetch(config.urls.tally + "?controle=" + control.value + more, { cache: "no-store", redirect: "error" });
      if (response.status === 404 || response.status === 410) queue.finish();
      if (!response.ok) return;
      const told = await response.json();
      screen.tally(...told.tally);
      if (told.marks) marks = new Set(told.marks);
      queue.flush();
    } catch {
      // No network: the next round asks again.
    }
  }

  // A keyboard reader types wherever the focus is: letters typed outside a field go to the field of the code.
  document.addEventListener("keydown", (event) => {
    const elsewhere = !event.target.closest("input, select, textarea");
    if (elsewhere && /^[0-9A-Za-z]$/.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) code.focus();
  });
  // On a phone the focus would open the keyboard over the camera.
  if (window.matchMedia("(hover: hover) and (pointer: fine)").matches) code.focus();

  const video = root.querySelector("video");
  const button = root.querySelector("[data-door-camera]");
  const camera = new Door.Camera(video, (text) => scan({ ticket: text.slice(0, 200), way: "camera" }));
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (camera.isOn) {
      camera.stop();
    } else {
      screen.warn(await camera.start());
      stayAwake();
    }
    video.hidden = !camera.isOn;
    button.setAttribute("aria-pressed", String(camera.isOn));
  });

  async function stayAwake() {
    try {
      await navigator.wakeLock.request("screen");
    } catch {
      // The phone then sleeps as it is set to.
    }
  }

  // Loaded again during a cut, the page opens all the same: the phone keeps it, and what it is made of.
  async function keepPage() {
    if (!navigator.serviceWorker) return;
    const scope = config.urls.home;
    try {
      await navigator.serviceWorker.register(config.urls.offline, { scope });
      const { active } = await navigator.serviceWorker.ready;
      active.postMessage({ keep: performance.getEntriesByType("resource").map((entry) => entry.name) });
    } catch {
      // The browser refuses: without network this page must stay open.
    }
  }

  // The page that the phone kept shows the first control: the address says which one was chosen.
  const chosen = new URLSearchParams(window.location.search).get("controle");
  if (chosen && Array.from(control.options).some((option) => option.value === chosen)) control.value = chosen;

  keepPage();
  if (!queue.store.keeps) screen.warn(config.words.no_memory);
  screen.waiting(queue.waiting);
  queue.flush();
  window.setInterval(ask, ASK_EVERY);
})(window.Door);
