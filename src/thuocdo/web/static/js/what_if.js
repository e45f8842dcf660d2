// Trying weights: sliders and numbers follow each other, shares and sums at once, ranks as soon as the server
// has them. Only the newest state is ever asked for; a state that was moved past while waiting is skipped.
const form = document.getElementById("thu");

if (form) {
  const weights = [...form.querySelectorAll(".weight")].map((row) => ({
    row,
    number: row.querySelector("input[type=number]"),
    range: row.querySelector("input[type=range]"),
    share: row.querySelector(".share"),
  }));
  const language = document.documentElement.lang;
  const written = (value, decimals) =>
    value.toLocaleString(language, { minimumFractionDigits: decimals ?? 0, maximumFractionDigits: decimals ?? 6 });
  const asNumber = (field) => (Number.isFinite(field.valueAsNumber) ? Math.max(0, field.valueAsNumber) : 0);

  function weigh(family) {
    const own = weights.filter((one) => one.row.closest(".family") === family);
    const total = own.reduce((sum, one) => sum + asNumber(one.number), 0);
    for (const one of own) {
      one.share.textContent = `${written(total ? (100 * asNumber(one.number)) / total : 0, 1)}%`;
      one.row.classList.toggle("changed", asNumber(one.number) !== Number(one.number.dataset.given));
    }
    family.querySelector(".total").textContent = written(Math.round(total * 1e6) / 1e6);
  }

  // The address of the state on the form: only what differs from the method.
  function query() {
    const words = new URLSearchParams();
    for (const name of ["nhom", "ky"]) words.set(name, form.elements[name].value);
    for (const { number } of weights) {
      if (number.value !== "" && Number(number.value) !== Number(number.dataset.given)) words.set(number.name, number.value);
    }
    const here = new URLSearchParams(location.search);
    if (here.has("cq")) {
      words.set("cq", here.get("cq"));
      for (const field of form.querySelectorAll(".tried-values input")) if (field.value.trim()) words.set(field.name, field.value.trim());
    }
    if (here.get("xem")) words.set("xem", here.get("xem"));
    return words;
  }

  let isAsking = false;
  let isStale = false;
  async function ask() {
    if (isAsking) {
      isStale = true;
      return;
    }
    isAsking = true;
    const answer = document.getElementById("ket-qua");
    try {
      do {
        isStale = false;
        const words = query();
        const reply = await fetch(`${form.dataset.part}?${words}`, { credentials: "same-origin" });
        if (!reply.ok) throw new Error(String(reply.status));
        const told = new DOMParser().parseFromString(await reply.text(), "text/html");
        if (isStale) continue;
        for (const id of ["cau-mo-dau", "ket-qua"]) {
          document.getElementById(id).replaceChildren(...told.getElementById(id).childNodes);
        }
        answer.dataset.state = words.toString();
        // With errors the address stays what the form says, so that loading anew shows them.
        const here = answer.querySelector("[data-address]").dataset.address;
        history.replaceState(null, "", answer.querySelector(".faults") ? `?${words}` : here + (words.get("xem") ? `&xem=${words.get("xem")}` : ""));
      } while (isStale);
    } catch {
      const said = document.createElement("p");
      said.className = "errorlist";
      said.textContent = form.dataset.failed;
      document.getElementById("cau-mo-dau").replaceChildren(said);
    } finally {
      isAsking = false;
    }
  }

  for (const one of weights) {
    one.range.hidden = false;
    one.range.addEventListener("input", () => {
      one.number.value = one.range.value;
      weigh(one.row.closest(".family"));
      ask();
    });
    one.number.addEventListener("input", () => {
      one.range.value = asNumber(one.number);
      weigh(one.row.closest(".family"));
      ask();
    });
    one.number.addEventListener("keydown", (event) => {
      const notches = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
      if (!notches || event.altKey || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const moved = asNumber(one.number) + notches * Number(one.number.dataset.step);
      one.number.value = String(Math.min(1000, Math.max(0, Math.round(moved * 1e6) / 1e6)));
      one.number.dispatchEvent(new Event("input"));
    });
  }
  for (const field of form.querySelectorAll(".tried-values input")) field.addEventListener("input", ask);

  // Enter in a field answers at once; only the choice of a body needs the page anew.
  form.addEventListener("submit", (event) => {
    if (event.submitter?.closest(".values") || document.activeElement?.closest(".chooser")) return;
    event.preventDefault();
    ask();
  });
  document.getElementById("dat-lai").addEventListener("click", (event) => {
    if (new URLSearchParams(location.search).has("cq")) return;
    event.preventDefault();
    for (const one of weights) {
      one.number.value = one.number.dataset.given;
      one.range.value = one.number.dataset.given;
    }
    for (const family of form.querySelectorAll(".family")) weigh(family);
    for (const said of form.querySelectorAll(".errorlist")) said.remove();
    ask();
  });
}
