// Live parts: a cell with data-key whose text changed while its part was fetched again flashes once.
// The style sheet leaves the flash out for people who ask for reduced motion.
const before = new WeakMap();

const readings = (part) =>
  new Map([...part.querySelectorAll("[data-key]")].map((cell) => [cell.dataset.key, cell.textContent.trim()]));

document.addEventListener("htmx:beforeSwap", (event) => {
  before.set(event.detail.target, readings(event.detail.target));
});

document.addEventListener("htmx:afterSwap", (event) => {
  const part = event.detail.target;
  const old = before.get(part);
  if (!old) return;
  before.delete(part);
  for (const cell of part.querySelectorAll("[data-key]")) {
    const was = old.get(cell.dataset.key);
    if (was !== undefined && was !== cell.textContent.trim()) {
      cell.classList.add("moved");
      cell.addEventListener("animationend", () => cell.classList.remove("moved"), { once: true });
    }
  }
});

// A part is fetched at most four times a second, and less often where the server takes its time: between two fetches
// lies at least twice as long as the last one took, up to four seconds. What comes sooner waits and is not dropped,
// as it would be by the throttle of htmx: the last event is the one that counts.
const SHORTEST = 250;
const LONGEST = 4000;
const fetched = new WeakMap();
const pause = (last) => Math.min(Math.max(SHORTEST, 2 * last.took), LONGEST);

document.addEventListener("htmx:beforeRequest", (event) => {
  const part = event.detail.elt;
  if (!part.hasAttribute("data-live")) return;
  const last = fetched.get(part) ?? { at: -LONGEST, late: 0, took: 0 };
  const wait = last.at + pause(last) - performance.now();
  if (wait <= 0) {
    clearTimeout(last.late);
    fetched.set(part, { at: performance.now(), late: 0, took: last.took });
    return;
  }
  event.preventDefault();
  last.late ||= setTimeout(() => {
    last.late = 0;
    window.htmx.trigger(part, "live:late");
  }, wait);
  fetched.set(part, last);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const last = fetched.get(event.detail.elt);
  if (last) last.took = performance.now() - last.at;
});

// A page that slept in the background asks for the newest state when it is looked at again.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") document.body.dispatchEvent(new Event("live:again"));
});
