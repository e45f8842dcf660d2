// Keys of the form of figures: Enter and the arrows go from cell to cell, a column copied from a spreadsheet is pasted
// downwards, Ctrl+Enter hands in. What the server says of the cells arrives beside them; nothing typed is replaced.
(() => {
  const form = document.querySelector("form.grid");
  if (!form) return;
  const cells = () => [...form.querySelectorAll("td.typing input[type=text]")];
  const go = (from, step) => {
    const all = cells();
    const next = all[all.indexOf(from) + step];
    if (next) { next.focus(); next.select(); }
  };
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || !event.target.matches("td.typing input[type=text]")) return;
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) { go(event.target, event.shiftKey ? -1 : 1); event.preventDefault(); }
    else if (event.key === "Enter") { event.preventDefault(); form.requestSubmit(form.querySelector("button.main")); }
    else if (event.key === "ArrowDown") { go(event.target, 1); event.preventDefault(); }
    else if (event.key === "ArrowUp") { go(event.target, -1); event.preventDefault(); }
  });
  form.addEventListener("paste", (event) => {
    if (!event.target.matches("td.typing input[type=text]")) return;
    const lines = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "").split("\n");
    if (lines.length < 2) return;
    event.preventDefault();
    const all = cells();
    const start = all.indexOf(event.target);
    lines.slice(0, all.length - start).forEach((line, place) => { all[start + place].value = line.split("\t")[0].trim(); });
    all[Math.min(start + lines.length, all.length) - 1].focus();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
  // A reason is asked for where something odd was said, and its field stays once it was shown.
  document.body.addEventListener("htmx:oobAfterSwap", () => {
    const told = document.getElementById("da-luu");
    for (const id of (told?.dataset.open || "").split(" ").filter(Boolean)) document.getElementById(id)?.removeAttribute("hidden");
  });
  form.addEventListener("htmx:responseError", () => {
    document.getElementById("da-luu").textContent = form.dataset.failed || "";
  });
})();
