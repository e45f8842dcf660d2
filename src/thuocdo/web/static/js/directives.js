// The review of a directive: keys, the pair of sentence and card kept in view, acts without leaving the page.
// Everything here has a plain form or link behind it; without this file the page works by loading anew.
const review = document.querySelector(".review");
const pane = review.querySelector(".text");
let current = null;

// What was decided last, for the key that takes it back; it outlives a page that is drawn anew after a split.
const memory = `thuocdo:decided:${review.dataset.number}`;
let decided = [];
try { decided = JSON.parse(sessionStorage.getItem(memory)) ?? []; } catch { /* an empty memory will do */ }
function remember(number, isDecided = true) {
  decided = decided.filter((one) => one !== number);
  if (isDecided) decided.push(number);
  try { sessionStorage.setItem(memory, JSON.stringify(decided.slice(-200))); } catch { /* undo then lasts as long as the page */ }
}

const cards = () => [...review.querySelectorAll(".card")];
const cardOf = (number) => document.getElementById(`k${number}`);
const marksOf = (number) => pane.querySelectorAll(`mark[data-c~="${number}"], #c${number}`);
const isWide = () => getComputedStyle(review).display === "grid";

// The pane is scrolled so that the sentence stands beside its card.
function align(card) {
  const mark = document.getElementById(`c${card.dataset.c}`);
  if (!mark || !isWide()) return;
  const box = pane.getBoundingClientRect();
  const wanted = Math.min(Math.max(card.getBoundingClientRect().top + 10, box.top + 24), box.bottom - 140);
  pane.scrollTop += mark.getBoundingClientRect().top - wanted;
}

function choose(card, { focus = true, scroll = true } = {}) {
  if (!card) return;
  if (current && current !== card.dataset.c) {
    cutting.clear();
    cardOf(current)?.classList.remove("active");
    for (const mark of marksOf(current)) mark.classList.remove("active");
  }
  current = card.dataset.c;
  card.classList.add("active");
  for (const mark of marksOf(current)) mark.classList.add("active");
  if (scroll) {
    const box = card.getBoundingClientRect();
    if (box.top < 60 || box.bottom > innerHeight) card.scrollIntoView({ block: box.height > innerHeight * 0.7 ? "start" : "center" });
  }
  align(card);
  if (focus) card.focus({ preventScroll: true });
}

function move(step) {
  const all = cards();
  const place = all.findIndex((card) => card.dataset.c === current) + (current ? step : step > 0 ? 1 : 0);
  if (all[place]) return choose(all[place]);
  const part = Number(review.dataset.part) + step;
  if (place >= all.length && part <= Number(review.dataset.parts)) location.search = `?phan=${part}`;
  else if (place < 0 && part >= 1) location.search = `?phan=${part}`;
}

// Cards and progress that come back from the server take the places of the old ones.
function place(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  let card = null;
  for (const element of [...template.content.children]) {
    const target = element.dataset.into && document.getElementById(element.dataset.into);
    if (target) target.replaceChildren(...element.childNodes);
    else if (element.id && document.getElementById(element.id)) {
      document.getElementById(element.id).replaceWith(element);
      card = element;
    }
  }
  if (!card) return null;
  window.htmx?.process(card);
  colour(card);
  drafts.look(card);
  resume(card);
  return card;
}

// A card whose correction was begun and not saved says so on its button.
function resume(card) {
  const link = card.querySelector("a[data-step=correct]");
  if (link && drafts.has(review.dataset.person, link.href)) link.textContent = review.dataset.resumeWords;
}
cards().forEach(resume);

// A stretch that several assignments share shows the one that still waits.
function colour(card) {
  const order = ["proposed", "confirmed", "rejected"];
  for (const mark of pane.querySelectorAll(`mark[data-c~="${card.dataset.c}"]`)) {
    const states = mark.dataset.c.split(" ").map((number) => cardOf(number)?.dataset.state ?? "rejected");
    mark.classList.remove(...order);
    mark.classList.add(order.find((state) => states.includes(state)));
  }
}

// What other reviewers did, and what the machine found out later, comes in card by card; a card that somebody is
// working on here stays as it is.
document.addEventListener("htmx:afterRequest", (event) => {
  const notice = event.target;
  if (notice.id !== "moi" || !event.detail.successful) return;
  const template = document.createElement("template");
  template.innerHTML = event.detail.xhr.responseText;
  const fresh = [...template.content.querySelectorAll(".card")];
  for (const card of fresh) {
    const old = document.getElementById(card.id);
    if (!old || old.dataset.version === card.dataset.version || old.matches(".working, .busy, :has(input:focus)")) continue;
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(card);
    window.htmx?.process(card);
    colour(card);
    resume(card);
    if (cutting.isAt(card)) cutting.clear();
    if (card.dataset.c === current) choose(card, { focus: hadFocus, scroll: false });
  }
  const now = new Set(fresh.map((card) => card.id));
  const here = cards().map((card) => card.id);
  notice.hidden = here.length === now.size && here.every((id) => now.has(id));
});

// `reshapes`: whether the answer leads to a card that came of a split or a merge, which can be taken back.
async function ask(address, options, card, { reshapes = false, form = null } = {}) {
  // Of two presses in a row the first one counts.
  if (card.classList.contains("busy")) return true;
  card.classList.add("busy");
  let answer;
  try {
    answer = await fetch(address, { ...options, headers: { "HX-Request": "true" } });
  } catch {
    return false;
  } finally {
    card.classList.remove("busy");
  }
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) {
    if (form) drafts.forget(form);
    const asked = /#k(\d+)$/.exec(elsewhere);
    remember(card.dataset.c, false);
    if (reshapes && asked) remember(asked[1]);
    const same = new URL(elsewhere, location).pathname + new URL(elsewhere, location).search === location.pathname + location.search;
    location.href = elsewhere;
    if (same) location.reload();
    return true;
  }
  if (!answer.ok || answer.redirected) return false;
  const html = await answer.text();
  // What was typed is kept until an answer no longer shows the form.
  if (form && !html.includes("data-draft")) drafts.forget(form);
  const fresh = place(html);
  if (fresh) {
    choose(fresh, { scroll: false });
    fresh.querySelector(".working .wrong :is(input, textarea, select), [role=alert]")?.scrollIntoView({ block: "nearest" });
    if (fresh.classList.contains("working")) fresh.querySelector(":is(input, textarea):not([type=hidden])")?.focus();
  }
  return fresh;
}

review.addEventListener("submit", async (event) => {
  const form = event.target;
  const card = form.closest(".card");
  if (!card || form.dataset.plain) return;
  event.preventDefault();
  const button = event.submitter;
  const step = button?.dataset.step;
  const body = new FormData(form, button);
  const address = button?.getAttribute("formaction") ?? form.getAttribute("action");
  const reshapes = step === "merge" || Boolean(form.querySelector(".pieces"));
  const fresh = await ask(address, { method: "POST", body }, card, { reshapes, form: form.matches("[data-draft]") ? form : null });
  if (fresh === false) {
    // Whatever went wrong on the way, the plain form says it.
    form.dataset.plain = "yes";
    form.requestSubmit(button);
    return;
  }
  if (!(fresh instanceof Element)) return;
  if (fresh.matches(".overtaken")) return;
  remember(fresh.dataset.c, fresh.dataset.state !== "proposed");
  const all = cards();
  const next = all.slice(all.indexOf(fresh) + 1).find((other) => other.dataset.state === "proposed");
  if (fresh.dataset.state !== "proposed" && next) choose(next);
});

review.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-part]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const fresh = await ask(link.dataset.back ?? link.href, {}, link.closest(".card"));
    if (fresh === false) location.href = link.href;
    return;
  }
  const number = event.target.closest(".n, .no");
  const mark = event.target.closest("mark");
  if (number && isWide()) {
    event.preventDefault();
    choose(cardOf((number.closest(".card") ?? document.getElementById(number.hash.slice(1))).dataset.c));
  } else if (mark && getSelection().isCollapsed) {
    const all = mark.dataset.c.split(" ");
    const card = cardOf(all.at(-1));
    if (isWide() && card?.dataset.c === current && canSplit(card)) cutting.point(card);
    else choose(card, { scroll: true });
  } else if (event.target.closest(".card") && !event.target.closest("a, button, input, label, select, textarea, summary")) {
    if (getSelection().isCollapsed) choose(event.target.closest(".card"), { scroll: false });
  }
});

// A selection in the text, as offsets of the document.
function selection() {
  const chosen = getSelection();
  if (!review.dataset.add || !chosen.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  if (!pane.contains(range.commonAncestorContainer) || !range.toString().trim()) return null;
  return { start: cutting.offsetOf(range.startContainer, range.startOffset), end: cutting.offsetOf(range.endContainer, range.endOffset) };
}

const add = review.querySelector(".add");

// The link carries the selection. The browser tells of a new selection a little later, so that a quick key asks itself.
function carry() {
  if (!add) return null;
  const chosen = selection();
  add.href = chosen ? `${review.dataset.add}?tu=${chosen.start}&den=${chosen.end}` : review.dataset.add;
  add.classList.toggle("button", Boolean(chosen));
  return chosen;
}
document.addEventListener("selectionchange", carry);

const press = (step) => cardOf(current)?.querySelector(`[data-step="${step}"]`)?.click();
const canSplit = (card) => Boolean(card?.querySelector("a[data-step=split]"));

// Split where the mark or the selection stands; where neither does, ask for the places.
async function split() {
  const begin = getSelection().rangeCount && !getSelection().isCollapsed && getSelection().getRangeAt(0).startContainer.parentElement;
  const chosen = begin && pane.contains(begin) && begin.closest("mark")?.dataset.c.split(" ").at(-1);
  const card = cardOf(chosen || current);
  if (!canSplit(card)) return;
  const cuts = cutting.cuts(card);
  const link = card.querySelector("a[data-step=split]");
  if (!cuts.length) return link.click();
  const body = new FormData();
  body.set("csrfmiddlewaretoken", card.querySelector("[name=csrfmiddlewaretoken]").value);
  for (const cut of cuts) body.append("cut", cut);
  if (await ask(link.href, { method: "POST", body }, card, { reshapes: true }) === false) link.click();
}

// The last thing done is taken back; one that stands in another part is shown first.
function undo() {
  const number = decided.at(-1);
  if (!number) return;
  const card = cardOf(number);
  if (!card && review.dataset.parts !== "1") location.href = `${location.pathname}nhiem-vu/${number}/`;
  const button = card?.querySelector('[data-step="restore"]');
  if (button) return button.click();
  remember(number, false);
  if (!card || card.dataset.state === "proposed") undo();
}

const pick = (place) => cardOf(current)?.querySelectorAll("input[name=lead]")[place - 1]?.click();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "Enter") return;
  const target = event.target;
  if (event.key === "Escape" && target.closest(".working")) {
    target.closest(".working").querySelector("[data-back]")?.click();
    return;
  }
  if (event.key === "Escape") cutting.clear();
  // A choice on a card is no place to type: the keys of the card go on working there.
  if (target.closest("input:not(.card:not(.working) :is([type=radio], [type=checkbox])), textarea, select, [contenteditable], [popover]")) return;
  const isOnCard = target.matches(".card") || target === document.body;
  const act = {
    j: () => move(1), k: () => move(-1),
    x: () => press("confirm"), e: () => press("correct"), s: split, m: () => press("merge"), r: () => press("reject"), l: () => press("link"),
    c: () => press("lead"), n: () => press("other"), t: () => cardOf(current)?.querySelector("[name=is_core]")?.click(),
    b: () => review.querySelector(".together")?.click(),
    z: undo,
    a: () => { carry(); add?.click(); },
    ArrowRight: target.matches(".card") && canSplit(target) && (() => cutting.move(target, 1, event.shiftKey)),
    ArrowLeft: target.matches(".card") && canSplit(target) && (() => cutting.move(target, -1, event.shiftKey)),
    ArrowDown: target.matches(".card") && (() => move(1)), ArrowUp: target.matches(".card") && (() => move(-1)),
    Enter: isOnCard && current && (() => press("confirm")),
  }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) {
    event.preventDefault();
    act();
  } else if (/^[1-9]$/.test(event.key)) pick(Number(event.key));
});

// While the page is scrolled, the card at the reading line leads and its sentence follows.
let waiting = false;
addEventListener("scroll", () => {
  if (waiting || !isWide()) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    const line = innerHeight * 0.3;
    const shown = current && cardOf(current)?.getBoundingClientRect();
    if (shown && shown.top < innerHeight * 0.8 && shown.bottom > 60) return align(cardOf(current));
    const card = cards().find((one) => one.getBoundingClientRect().bottom > line);
    if (card) choose(card, { focus: false, scroll: false });
  });
}, { passive: true });

// An address with #c12 or #k12 opens that pair; one that stands in another part is asked for there.
function arrive() {
  const asked = /^#([ck])(\d{1,18})$/.exec(location.hash);
  if (!asked) return;
  const card = cardOf(asked[2]);
  // Where text and cards stand below each other, the browser itself shows the one that was asked for.
  const both = isWide() || asked[1] === "k";
  if (card) choose(card, { focus: both, scroll: both });
  else if (review.dataset.parts !== "1") location.replace(`${location.pathname}nhiem-vu/${asked[2]}/`);
}
addEventListener("hashchange", arrive);
arrive();
