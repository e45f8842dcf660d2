// A form with large files shows how far they are on their way. Small ones, and browsers without this file, send as ever.
const LARGE = 1_000_000;

const weight = (form) =>
  [...form.querySelectorAll("input[type=file]")].flatMap((field) => [...field.files]).reduce((sum, file) => sum + file.size, 0);

function show(form, text, share) {
  let bar = form.querySelector(".sending");
  if (!bar) {
    bar = document.createElement("p");
    bar.className = "sending";
    bar.setAttribute("role", "status");
    bar.append(document.createElement("progress"), document.createElement("span"));
    bar.firstChild.max = 1;
    form.append(bar);
  }
  if (share === undefined) bar.firstChild.hidden = true;
  else {
    bar.firstChild.hidden = false;
    bar.firstChild.value = share;
    bar.firstChild.setAttribute("aria-label", text);
  }
  bar.lastChild.textContent = text;
}

function send(form, button) {
  const request = new XMLHttpRequest();
  const words = form.dataset;
  const stop = (text) => {
    show(form, text);
    if (button) button.disabled = false;
  };
  request.upload.addEventListener("progress", (event) => {
    const share = event.lengthComputable ? event.loaded / event.total : 0;
    show(form, share < 1 ? `${words.sending} ${Math.round(100 * share)}%` : words.checking, share);
  });
  request.addEventListener("load", () => {
    const address = request.getResponseHeader("X-Address");
    if (address) {
      location.assign(address);
      if (new URL(address, location.href).href.split("#")[0] === location.href.split("#")[0]) location.reload();
      return;
    }
    // What was wrong stands in the page that came back.
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (main && request.status < 500) {
      document.querySelector("main").replaceWith(main);
      window.htmx?.process(main);
      document.querySelector("[aria-invalid=true], .errorlist")?.scrollIntoView({ block: "center" });
    } else stop(words.broken);
  });
  request.addEventListener("error", () => stop(words.broken));
  request.addEventListener("abort", () => stop(words.broken));
  request.open("POST", form.action);
  request.setRequestHeader("X-Wants-Address", "1");
  if (button) button.disabled = true;
  show(form, `${words.sending} 0%`, 0);
  request.send(new FormData(form));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-upload]") || weight(form) < LARGE) return;
  event.preventDefault();
  send(form, event.submitter);
});
