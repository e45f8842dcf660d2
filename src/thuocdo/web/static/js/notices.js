// "X" acknowledges the notice in which the focus stands, or the first one; the page works without this.
document.addEventListener("keydown", (event) => {
  if (event.key !== "x" && event.key !== "X") return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.closest("input, textarea, select, [contenteditable], [popover]")) return;
  const row = event.target.closest("table.notices tr") ?? document.querySelector("table.notices tbody tr:has(form)");
  const button = row?.querySelector("form button");
  if (button) {
    event.preventDefault();
    button.click();
  }
});
