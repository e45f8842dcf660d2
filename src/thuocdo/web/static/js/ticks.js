// Ticks of a list: shift ticks everything between, the head ticks the page, the bar says how many. Works without.
const form = document.querySelector("form.ticked");
if (form) {
  const ticks = [...form.querySelectorAll("tbody .tick input")];
  const all = form.querySelector("[data-all]");
  const output = form.querySelector("[data-count]");
  const nothing = output?.textContent;
  let last = -1;
  const tell = () => {
    const number = ticks.filter((tick) => tick.checked).length;
    if (output) output.textContent = number ? document.documentElement.lang.startsWith("en") ? `${number} selected` : `Đã chọn ${number} nhiệm vụ` : nothing;
    if (all) {
      all.checked = number === ticks.length && number > 0;
      all.indeterminate = number > 0 && number < ticks.length;
    }
  };
  form.addEventListener("click", (event) => {
    const place = ticks.indexOf(event.target);
    if (place < 0) return;
    if (event.shiftKey && last >= 0) {
      const [from, to] = [Math.min(place, last), Math.max(place, last)];
      for (const tick of ticks.slice(from, to + 1)) tick.checked = event.target.checked;
    }
    last = place;
    tell();
  });
  form.addEventListener("change", tell);
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const tick of ticks) tick.checked = all.checked;
      tell();
    });
  }
  // What the browser kept ticked when one came back.
  window.addEventListener("pageshow", tell);
  tell();
}
