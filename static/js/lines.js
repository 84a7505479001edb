// Shows or adds an empty line of a form's list when one is asked for.
// Without this script the page shows its spare lines, and gives new ones at each saving.

function addLine(list) {
  const total = list.querySelector('[name$="-TOTAL_FORMS"]');
  const template = list.querySelector("template");
  const line = template.content.cloneNode(true).querySelector(".line");
  line.innerHTML = line.innerHTML.replaceAll("__prefix__", total.value);
  total.value = Number(total.value) + 1;
  line.querySelector("[data-line-number]").textContent = total.value;
  template.before(line);
  return line;
}

for (const list of document.querySelectorAll("[data-lines]")) {
  const button = list.querySelector("[data-add-line]");
  const spares = [...list.querySelectorAll("[data-spare]")];
  for (const spare of spares) spare.hidden = true;
  button.hidden = false;
  button.addEventListener("click", () => {
    const line = spares.shift() ?? addLine(list);
    line.hidden = false;
    line.querySelector("input:not([type=hidden]), select, textarea").focus();
  });
}
