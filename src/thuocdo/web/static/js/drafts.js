// What was typed into a form and not saved yet survives a closed browser: kept on this machine for its person, for a
// few days, until it is saved or given up. Forms with data-draft (the number of the person) are kept.
const drafts = (() => {
  const PREFIX = "thuocdo:draft:";
  const LONGEST = 3 * 24 * 3600 * 1000;
  const keyOf = (form, address = form.getAttribute("action") || location.pathname + location.search) =>
    `${PREFIX}${form.dataset.draft}:${new URL(address, location).pathname}${new URL(address, location).search}`;
  const fields = (form) => [...form.elements].filter((field) => field.name && field.matches("textarea, select, input:not([type=hidden], [type=checkbox], [type=radio])"));
  const before = (field) => field.matches("select") ? [...field.options].find((option) => option.defaultSelected)?.value ?? "" : field.defaultValue;
  // A browser that keeps nothing (private window, full disk) leaves the forms as they are.
  function read(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  }
  function write(key, draft) {
    try { localStorage.setItem(key, JSON.stringify(draft)); } catch { /* nothing is kept, nothing is promised */ }
  }
  const forget = (form) => localStorage.removeItem(keyOf(form));

  function save(form) {
    const changed = fields(form).filter((field) => field.value !== before(field));
    if (!changed.length) return forget(form);
    write(keyOf(form), { at: Date.now(), fields: Object.fromEntries(changed.map((field) => [field.name, [before(field), field.value]])) });
  }

  // Only what is still as it was when the draft was typed is filled in: newer words of others are not covered up.
  function restore(form) {
    const draft = read(keyOf(form));
    if (!draft) return;
    let filled = 0;
    for (const field of fields(form)) {
      const [from, to] = draft.fields[field.name] ?? [];
      if (to === undefined || before(field) !== from || field.value === to) continue;
      field.value = to;
      filled += 1;
    }
    const notice = form.querySelector(".draft");
    if (filled && notice) notice.hidden = false;
  }

  function look(root = document) {
    for (const form of root.querySelectorAll("form[data-draft]")) restore(form);
  }

  const person = document.querySelector("[data-draft]")?.dataset.draft;
  for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
    const draft = read(key);
    const isOthers = person && !key.startsWith(`${PREFIX}${person}:`);
    if (!draft || Date.now() - draft.at > LONGEST || isOthers) localStorage.removeItem(key);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form) save(form);
  });
  document.addEventListener("submit", (event) => {
    // A form that a page sends by itself says when it was taken; any other is on its way now.
    if (event.target.matches("form[data-draft]") && !event.defaultPrevented) forget(event.target);
  });
  document.addEventListener("click", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (!form) return;
    if (event.target.closest("[data-back], [data-forget]")) forget(form);
    else if (event.target.closest(".draft button")) {
      forget(form);
      form.reset();
      form.querySelector(".draft").hidden = true;
    }
  });
  // From any field of such a form Ctrl+Enter saves it, so that hands stay on the keys.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    const form = event.target.closest("form[data-draft]");
    const button = form?.querySelector("button.main");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
  look();
  const has = (person, address) => Boolean(read(`${PREFIX}${person}:${new URL(address, location).pathname}${new URL(address, location).search}`));
  return { look, forget, has };
})();
