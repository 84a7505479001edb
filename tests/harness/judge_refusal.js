// What a refused form tells: a summary with the focus, links that lead to fields, fields that say what is wrong, words kept.
([kept, status]) => {
  const faults = [];
  const summary = document.querySelector("[role=alert]:not([hidden])");
  const invalid = [...document.querySelectorAll("[aria-invalid=true]")];
  const refused = Boolean(document.querySelector(".form-errors, .sum, .errornote, .errorlist, .invalid-feedback") || invalid.length || (status === 422 && summary));
  if (!refused) return { refused, faults };
  if (!summary) faults.push("aucun résumé des erreurs en haut (role=alert)");
  else if (!summary.contains(document.activeElement)) faults.push(`le résumé n’a pas le focus (il est sur ${document.activeElement.tagName} ${document.activeElement.name || ""})`);
  if (!/erreur|refus/i.test(document.title)) faults.push(`le titre de la page ne dit pas qu’il y a une erreur (« ${document.title} »)`);
  const targets = [];
  for (const link of summary ? summary.querySelectorAll("a[href^='#']") : []) {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) faults.push(`le résumé mène à ${link.hash}, qui n’existe pas`);
    else targets.push([link, target]);
  }
  const described = (one) => {
    const names = (one.getAttribute("aria-describedby") || "").split(/\s+/).filter(Boolean);
    const missing = names.filter((name) => !document.getElementById(name));
    if (missing.length) faults.push(`${one.name || one.id} est décrit par ${missing.join(" ")}, qui n’existe pas`);
    return names.map((name) => document.getElementById(name)?.textContent.trim() || "").filter(Boolean).join(" ");
  };
  for (const one of invalid) {
    const group = one.closest("fieldset[aria-describedby], [role=group][aria-describedby], [role=radiogroup][aria-describedby]");
    if (!described(one) && !(group && described(group))) faults.push(`${one.name || one.id} est faux sans que rien ne dise pourquoi (aria-describedby)`);
  }
  for (const [link, target] of targets) {
    const fields = target.matches("input, select, textarea") ? [target] : [...target.querySelectorAll("input, select, textarea")];
    if (!fields.length && !target.matches("[tabindex], fieldset")) faults.push(`le lien ${link.hash} du résumé ne mène à aucun champ`);
    else if (fields.length && !fields.some((one) => one.getAttribute("aria-invalid") === "true") && !target.closest("[aria-invalid=true]"))
      faults.push(`${link.hash} est dans le résumé et n’a pas aria-invalid`);
  }
  const linked = new Set(targets.flatMap(([, target]) => [target.name, ...[...target.querySelectorAll("[name]")].map((one) => one.name)]));
  for (const name of new Set(invalid.map((one) => one.name)))
    if (name && !linked.has(name)) faults.push(`${name} est faux et le résumé n’y mène pas`);
  for (const [name, words] of Object.entries(kept)) {
    const held = [...document.getElementsByName(name)].map((one) => one.value);
    if (!held.some((value) => value.trim() === words.trim())) faults.push(`ce qui était saisi dans ${name} est perdu (« ${words} »)`);
  }
  return { refused, faults };
}
