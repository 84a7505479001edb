// The forms of the page that write, with their fields as the browser would send them.
() => {
  const typeOf = (one) => (one.tagName === "SELECT" ? "select" : one.tagName === "TEXTAREA" ? "textarea" : one.type);
  const fieldOf = (one, form) => ({
    name: one.name,
    type: typeOf(one),
    value: one.value,
    required: one.required || one.getAttribute("aria-required") === "true",
    checked: Boolean(one.checked),
    longest: one.maxLength ?? -1,
    options: one.tagName === "SELECT" ? [...one.options].map((option) => option.value) : [],
    first: one === form.querySelector("[type=submit][name]"),
  });
  const outside = (form) => (form.id ? [...document.querySelectorAll(`[form="${form.id}"]`)].filter((one) => !form.contains(one)) : []);
  return [...document.querySelectorAll("form")]
    // Asked of the attributes: a field named "action" hides the property of that name.
    .filter((form) => (form.getAttribute("method") || "").toLowerCase() === "post")
    .map((form) => ({
      action: new URL(form.getAttribute("action") || location.href, location.href).href.split("#")[0],
      fields: [...form.querySelectorAll("input, select, textarea, button"), ...outside(form)].filter((one) => one.name && !one.disabled && !one.name.includes("__prefix__")).map((one) => fieldOf(one, form)),
    }));
}
