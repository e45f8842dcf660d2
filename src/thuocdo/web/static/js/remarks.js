// Naming people in a remark: "@" and a few letters offer the persons of the select below; Enter or a press takes one.
// Without this file the select itself does.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
const typed = (field) => /(?:^|\s)@([\p{L}\p{M} ]{0,30})$/u.exec(field.value.slice(0, field.selectionStart));

const selectOf = (field) => field.form?.querySelector("select[multiple]");

function close(field) {
  field.parentElement.querySelector(".offered")?.remove();
  field.removeAttribute("aria-activedescendant");
  field.setAttribute("aria-expanded", "false");
}

function take(field, option) {
  const found = typed(field);
  const end = field.selectionStart;
  const start = found ? end - found[1].length - 1 : end;
  const name = `@${option.textContent.trim()} `;
  field.setRangeText(name, start, end, "end");
  option.selected = true;
  close(field);
  field.focus();
}

function offer(field) {
  close(field);
  const found = typed(field);
  if (!found) return;
  const words = plain(found[1].trim()).split(/\s+/);
  const fits = [...selectOf(field).options]
    .filter((option) => words.every((word) => plain(option.textContent).includes(word)))
    .slice(0, 8);
  if (!fits.length) return;
  const list = document.createElement("ul");
  list.className = "offered";
  list.id = `${field.id}-offered`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", selectOf(field).labels[0]?.textContent ?? "");
  for (const [place, option] of fits.entries()) {
    const item = document.createElement("li");
    item.id = `${list.id}-${place}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", String(place === 0));
    item.textContent = option.textContent.trim();
    // Pressed before the field loses its focus.
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      take(field, option);
    });
    item.option = option;
    list.append(item);
  }
  field.after(list);
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "true");
  field.setAttribute("aria-activedescendant", list.firstChild.id);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("textarea[data-names]")) offer(event.target);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("textarea[data-names]")) close(event.target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("textarea[data-names]") || event.isComposing) return;
  const list = field.parentElement.querySelector(".offered");
  if (!list) return;
  const items = [...list.children];
  const here = items.findIndex((item) => item.getAttribute("aria-selected") === "true");
  if (event.key === "Enter" || event.key === "Tab") {
    take(field, items[here].option);
  } else if (event.key === "Escape") {
    close(field);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = (here + (event.key === "ArrowDown" ? 1 : items.length - 1)) % items.length;
    items[here].setAttribute("aria-selected", "false");
    items[next].setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", items[next].id);
  } else {
    return;
  }
  event.preventDefault();
});
