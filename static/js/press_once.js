// A posted form leaves once: the second press of a double click is dropped.
// The server refuses the second one too; this only spares the person its message.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.left) event.preventDefault();
  form.dataset.left = "true";
});
// Coming back with the browser's arrow shows the page as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.left;
});
