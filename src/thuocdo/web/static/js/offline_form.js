// The form of figures as one file: checks while one types, keeps a draft on this machine, writes the file to hand in.
(() => {
  const data = JSON.parse(document.getElementById("du-lieu").textContent);
  const { sheet, say } = data;
  const key = `thuocdo:ngoai-tuyen:${sheet.body}:${sheet.period}:${sheet.digest}`;
  const rows = [...document.querySelectorAll("[data-code]")];
  const field = (row, name) => row.querySelector(`[name=${name}]`);
  const note = (text) => { document.getElementById("trang-thai").textContent = text; };

  const given = () => Object.fromEntries(rows.map((row) => [row.dataset.code, { text: field(row, "value").value, state: field(row, "state").value, reason: field(row, "reason").value }]));
  function judge() {
    const { cells, told } = entryChecks.judge(data, given());
    let open = 0;
    for (const row of rows) {
      const said = told[row.dataset.code] ?? [];
      open += said.filter(([tone]) => tone !== "explained").length;
      row.querySelector(".said").replaceChildren(...said.map(([tone, text]) => Object.assign(document.createElement("p"), { className: tone, textContent: `${say[tone]} ${text}` })));
      if (said.length) row.querySelector(".reasoning").hidden = false;
    }
    document.getElementById("dem").textContent = say.count.replace("{there}", Object.keys(cells).length).replace("{all}", rows.length).replace("{open}", open);
    return { cells, open };
  }
  const typed = () => Object.fromEntries(rows.map((row) => [row.dataset.code, ["value", "state", "reason"].map((name) => field(row, name).value)]));
  function fill(draft) {
    for (const row of rows) for (const [place, name] of ["value", "state", "reason"].entries()) if (draft[row.dataset.code]) field(row, name).value = draft[row.dataset.code][place];
  }
  function keep() {
    try { localStorage.setItem(key, JSON.stringify(typed())); note(say.kept); } catch { note(say.not_kept); }
  }
  function save(name, content) {
    const link = document.createElement("a");
    link.href = `data:application/json;charset=utf-8,${encodeURIComponent(JSON.stringify(content, null, 1))}`;
    link.download = name;
    link.click();
  }
  function form() {
    const { cells, open } = judge();
    if (!Object.keys(cells).length) { note(say.empty); return null; }
    if (open) { note(say.open.replace("{open}", open)); document.querySelector(".said p:not(.explained)")?.scrollIntoView({ block: "center" }); return null; }
    const made = { format: "thuocdo-so-lieu 1", body: sheet.body, period: sheet.period, form: sheet.digest, cells };
    return { ...made, digest: entryChecks.seal(made) };
  }
  document.addEventListener("input", (event) => { if (event.target.type === "file") return; forgotten = null; forget.textContent = say.forget; judge(); keep(); });
  document.getElementById("luu-nhap").addEventListener("click", () => save(`nhap-${sheet.body}-${sheet.period}.json`, { format: "thuocdo-nhap 1", form: sheet.digest, typed: typed() }));
  document.getElementById("mo-nhap").addEventListener("change", async (event) => {
    try {
      const draft = JSON.parse(await event.target.files[0].text());
      if (draft.form !== sheet.digest) { note(say.other_draft); return; }
      fill(draft.typed); judge(); keep();
    } catch { note(say.no_draft); }
  });
  document.getElementById("xuat").addEventListener("click", () => { const made = form(); if (made) { save(`so-lieu-${sheet.body}-${sheet.period}.json`, made); note(say.written); } });
  document.getElementById("nop").addEventListener("click", () => { const made = form(); if (made) location.href = `${data.address}#${btoa(unescape(encodeURIComponent(JSON.stringify(made))))}`; });
  // On a machine that others use, too, the draft can be forgotten; until the page is left it can be taken back.
  const forget = document.getElementById("xoa-nhap");
  let forgotten = null;
  forget.addEventListener("click", () => {
    if (forgotten) { fill(forgotten); forgotten = null; forget.textContent = say.forget; judge(); keep(); return; }
    forgotten = typed();
    for (const row of rows) { field(row, "value").value = ""; field(row, "state").value = "value"; field(row, "reason").value = ""; }
    judge();
    try { localStorage.removeItem(key); } catch { /* then nothing was kept */ }
    forget.textContent = say.take_back;
    note(say.forgotten);
  });
  const online = () => { document.getElementById("nop").disabled = !navigator.onLine; };
  addEventListener("online", () => { online(); note(say.online); });
  addEventListener("offline", online);
  try { const draft = JSON.parse(localStorage.getItem(key)); if (draft) { fill(draft); note(say.restored); } } catch { note(say.not_kept); }
  online();
  judge();
})();
