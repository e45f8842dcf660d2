// Where an assignment is to be split: a mark in its sentence, moved by the arrow keys or set by a click, or a selection.
// Offsets count the characters of the document, as the server does, not the units of the browser.
const cutting = (() => {
  const review = document.querySelector(".review");
  const pane = review.querySelector(".text");
  const letters = [...pane.textContent];
  const first = Number(review.dataset.start);
  const mark = document.createElement("span");
  mark.className = "cut";
  mark.setAttribute("aria-hidden", "true");
  let place = null;

  const isSpace = (offset) => /\s/.test(letters[offset - first] ?? " ");
  const spanOf = (card) => [Number(card.dataset.start), Number(card.dataset.end)];

  // Every place where a word begins inside the sentence; with `clauses` only behind a mark that closes a clause.
  function places(card, clauses) {
    const [start, end] = spanOf(card);
    const found = [];
    let closed = "";
    for (let at = start; at < end; at += 1) {
      if (isSpace(at)) continue;
      if (at > start && isSpace(at - 1) && (!clauses || /[;,.:]/.test(closed) || letters.slice(Math.max(at - first - 3, 0), at - first).includes("\n"))) found.push(at);
      closed = letters[at - first];
    }
    return found;
  }

  // The node of the text that holds an offset, and the place in it.
  function spotOf(offset) {
    const walker = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
    let left = offset - first;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const signs = [...node.data];
      if (left < signs.length) return [node, signs.slice(0, left).join("").length];
      left -= signs.length;
    }
    return null;
  }

  // How many characters of the document stand before a spot in the text.
  function offsetOf(node, inside) {
    const before = document.createRange();
    before.setStart(pane, 0);
    before.setEnd(node, inside);
    return first + [...before.toString()].length;
  }

  function clear() {
    mark.remove();
    review.querySelector(".cut-at")?.remove();
    place = null;
  }

  function draw(card) {
    const spot = spotOf(place.at);
    if (!spot) return clear();
    const range = document.createRange();
    range.setStart(...spot);
    range.setEnd(spot[0], spot[1] + 1);
    const box = range.getBoundingClientRect();
    const around = pane.getBoundingClientRect();
    mark.style.left = `${box.left - around.left - pane.clientLeft - 3}px`;
    mark.style.top = `${box.top - around.top - pane.clientTop + pane.scrollTop}px`;
    mark.style.height = `${box.height}px`;
    pane.append(mark);
    const said = card.querySelector(".cut-at") ?? Object.assign(document.createElement("p"), { className: "cut-at" });
    said.setAttribute("role", "status");
    const words = letters.slice(place.at - first, spanOf(card)[1] - first).join("").split(/\s+/).slice(0, 5).join(" ");
    said.textContent = review.dataset.cutWords.replace("…", () => `${words}…`);
    card.querySelector(".action")?.after(said);
  }

  function put(card, at) {
    clear();
    if (at === undefined) return;
    place = { card: card.dataset.c, at };
    draw(card);
  }

  function move(card, step, clauses) {
    const all = places(card, clauses);
    const here = place?.card === card.dataset.c ? place.at : undefined;
    if (step > 0) put(card, all.find((at) => at > (here ?? -1)) ?? here);
    else put(card, all.findLast((at) => at < (here ?? Infinity)));
  }

  // A click in the sentence of the card that is chosen already sets the mark before the word clicked on.
  function point(card) {
    const caret = getSelection();
    if (!caret.rangeCount || !pane.contains(caret.anchorNode)) return;
    const at = offsetOf(caret.anchorNode, caret.anchorOffset);
    put(card, places(card).findLast((one) => one <= at));
  }

  // The edges of the selection inside the sentence, moved to where words begin; nothing without a selection there.
  function selected(card) {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return [];
    const range = chosen.getRangeAt(0);
    if (!pane.contains(range.commonAncestorContainer)) return [];
    const [start, end] = spanOf(card);
    const low = offsetOf(range.startContainer, range.startOffset);
    const high = offsetOf(range.endContainer, range.endOffset);
    if (high <= start || low >= end) return [];
    const all = places(card);
    return [...new Set([all.findLast((at) => at <= low), all.find((at) => at >= high)])].filter((at) => at !== undefined);
  }

  const cuts = (card) => {
    const chosen = selected(card);
    return chosen.length ? chosen : place?.card === card.dataset.c ? [place.at] : [];
  };

  addEventListener("resize", clear);
  return { move, point, cuts, clear, offsetOf, isAt: (card) => place?.card === card?.dataset.c };
})();
