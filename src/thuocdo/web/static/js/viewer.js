// The viewer of evidence by keyboard: left and right turn the page, plus and minus change its size.
const PLACES = { ArrowLeft: "[rel=prev]", ArrowRight: "[rel=next]", "+": "[data-zoom=in]", "-": "[data-zoom=out]" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable], .sheet.close")) return;
  const link = PLACES[event.key] && document.querySelector(`.turning ${PLACES[event.key]}`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
