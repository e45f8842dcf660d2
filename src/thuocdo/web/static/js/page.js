// Keys of every page: "?" opens the list of keys, "/" goes to the search field. Nothing else needs this file.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "?") {
    document.getElementById("phim-tat")?.togglePopover();
    event.preventDefault();
  } else if (event.key === "/") {
    const field = document.querySelector("main [type=search], main [data-search]");
    if (field) {
      field.focus();
      event.preventDefault();
    }
  }
});

// A press outside an open menu of the frame closes it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.user[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
