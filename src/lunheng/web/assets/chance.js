// The applicant's share of a draw: made here, kept here until it is revealed, promised by its hash alone.
import "../../verifiers/verify_draw.js";

const { tools } = globalThis.LunhengVerify;
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const place = (commitment) => `lunheng:share:${commitment}`;

document.addEventListener("submit", (event) => {
  const form = event.target;
  const name = form.dataset.promise;
  if (!name || form.elements.commitment.value) return;
  const value = crypto.getRandomValues(new Uint8Array(32));
  const commitment = tools.tagged(name, "nonce", value);
  localStorage.setItem(place(commitment), hex(value));
  form.elements.commitment.value = commitment;
}, true);

// The page that waits for this browser's share reveals it by itself, once people could see the promise.
const readable = 1500;
for (const form of document.querySelectorAll("form[data-reveal]")) {
  const value = localStorage.getItem(place(form.dataset.reveal));
  if (value) {
    form.elements.value.value = value;
    form.elements.value.readOnly = true;
    setTimeout(() => form.requestSubmit(), readable);
  } else {
    form.querySelector("[data-lost]").hidden = false;
  }
}
