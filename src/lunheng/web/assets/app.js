// What script adds to pages that work without it: htmx, the security token on its requests, drafts kept on
// this device, moving through rows by keyboard, printing, and a guard against pressing a button twice.
import htmx from "htmx.org";
import { keepDrafts } from "./drafts.js";
import { moveByKeyboard } from "./keyboard.js";

window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  const field = document.querySelector("[name=csrfmiddlewaretoken]");
  if (field) event.detail.headers["X-CSRFToken"] = field.value;
});

// A second press while the first request is on its way would repeat the act. A form whose answer is a file
// leaves the page where it is, so the guard ends by itself.
const guardFor = 5000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, guardFor);
});

// A page that comes back from the browser's cache may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

window.addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open]):not(.no-print)")) fold.open = true;
});

// A table that is wider than its frame can be scrolled by keyboard, too.
function reachScrolling(root) {
  for (const frame of root.querySelectorAll(".table-frame")) {
    if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
  }
}

document.addEventListener("htmx:afterSettle", (event) => reachScrolling(event.target));

// The code on a paper carries the paper's own digits behind the address, which no server is told: compared here.
function comparePrinted() {
  const printed = location.hash.slice(1);
  if (!/^[0-9a-f]{32}$/.test(printed)) return;
  for (const one of document.querySelectorAll("[data-printed]")) {
    const isSame = printed === one.dataset.printed;
    one.querySelector(isSame ? "[data-same]" : "[data-other]").hidden = false;
    if (!isSame) one.closest(".turn").classList.replace("turn-good", "turn-late");
  }
}

document.addEventListener("DOMContentLoaded", () => {
  comparePrinted();
  // On a phone the way of a case is wider than the screen: begin at the present step.
  for (const step of document.querySelectorAll(".step-bar [aria-current]")) {
    step.parentElement.scrollLeft = step.offsetLeft - step.parentElement.offsetLeft - step.offsetWidth;
  }
  reachScrolling(document);
  keepDrafts(document);
  moveByKeyboard(document);
});
