// Asks before leaving a page whose text was changed and not saved: a button beside the text would lose it.

const guarded = document.querySelector("form[data-unsaved]");
let unsaved = guarded?.dataset.unsaved === "refused";

guarded?.addEventListener("input", () => { unsaved = true; });
guarded?.addEventListener("submit", () => { unsaved = false; });
window.addEventListener("beforeunload", (event) => {
  if (!unsaved) return;
  event.preventDefault();
  // The person may stay: the form they had pressed must be able to leave later.
  setTimeout(() => { for (const form of document.forms) delete form.dataset.left; });
});
