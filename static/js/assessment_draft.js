// Keeps what is typed, a few seconds after the last key and each time a field is left. Without it, the buttons do the same.
// The page says what it showed (`seen`): the server changes only the fields that were changed here (reads/assessment_drafts.py).

const form = document.querySelector("form[data-save]");
const told = form.querySelector("[data-told]");
const WAIT = 3000;
const AGAIN = 15000;
let timer = 0;
let sending = false;
let dirty = false;
let stopped = false;

const say = (text) => { if (told.textContent !== text) told.textContent = text; };

const save = async () => {
  clearTimeout(timer);
  if (sending || stopped || !dirty) return;
  sending = true;
  dirty = false;
  try {
    const answer = await fetch(form.dataset.save, { method: "POST", body: new FormData(form), keepalive: document.hidden });
    const type = answer.headers.get("Content-Type") || "";
    if (!type.startsWith("application/json")) {
      stopped = answer.status === 410 || answer.status === 404;
      throw new Error(String(answer.status));
    }
    const kept = await answer.json();
    stopped = Boolean(kept.stop);
    if (!stopped) {
      form.elements.seen.value = kept.seen;
      form.elements.revision.value = kept.revision;
    }
    say(kept.told);
  } catch {
    dirty = true;
    say(stopped
      ? "Cette page n’enregistre plus : copiez ce que vous venez de taper, puis rouvrez le lien de votre message."
      : "Pas de réseau : votre saisie reste sur cet écran, nouvel essai dans quelques secondes.");
    if (!stopped) timer = setTimeout(save, AGAIN);
  } finally {
    sending = false;
    if (dirty && !stopped) timer = setTimeout(save, told.textContent.startsWith("Pas") ? AGAIN : WAIT);
  }
};

const later = (wait) => {
  dirty = true;
  clearTimeout(timer);
  timer = setTimeout(save, wait);
};

form.addEventListener("input", () => later(WAIT));
form.addEventListener("change", () => later(200));
document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
// The form itself leaves once, with all that is on the page: nothing more to keep beside it.
form.addEventListener("submit", (event) => {
  if (form.dataset.left) event.preventDefault();
  form.dataset.left = "true";
  clearTimeout(timer);
  dirty = false;
});
window.addEventListener("pageshow", () => { delete form.dataset.left; });
