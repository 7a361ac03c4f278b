// The applicant's share of a draw: made here, kept here until it is revealed, promised by its hash alone. This device
// also keeps what was committed, and says later whether the published draw is that one.
import "../../verifiers/verify_draw.js";

const { tools } = globalThis.LunhengVerify;
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
const place = (promise) => `lunheng:share:${promise}`;
const kept = (promise) => JSON.parse(localStorage.getItem(place(promise)) || "null");
const keep = (promise, share) => localStorage.setItem(place(promise), JSON.stringify(share));
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

document.addEventListener("submit", (event) => {
  const form = event.target;
  const name = form.dataset.promise;
  if (!name) return;
  const value = crypto.getRandomValues(new Uint8Array(32));
  const promise = tools.tagged(name, "nonce", value);
  keep(promise, { value: hex(value) });
  form.elements.commitment.value = promise;
}, true);

// Revealed by itself once a signed checkpoint covers the commit: from then on nobody can put another in its place.
const readable = 1500, patience = 12;

async function isSigned(address) {
  for (let turn = 0; turn < patience; turn++) {
    const answer = await fetch(address).catch(() => null);
    if (answer && answer.ok) return true;
    await pause(1000);
  }
  return false;
}

async function reveal(form) {
  const { reveal: promise, commit, receipt } = form.dataset;
  const share = kept(promise);
  if (!share) { form.querySelector("[data-lost]").hidden = false; return; }
  keep(promise, { commit, ...share });
  form.elements.value.value = share.value;
  form.elements.value.readOnly = true;
  if (share.commit && share.commit !== commit) { form.querySelector("[data-other]").hidden = false; return; }
  const soon = form.querySelector("[data-soon]");
  soon.hidden = false;
  await pause(readable);
  if (!receipt || await isSigned(receipt)) { form.requestSubmit(); return; }
  soon.hidden = true;
  form.querySelector("[data-unsigned]").hidden = false;
}

function compare(root) {
  for (const line of root.querySelectorAll("[data-share]")) {
    const share = kept(line.dataset.share);
    if (!share || !share.commit) continue;
    const isSame = share.commit === line.dataset.commit;
    line.textContent = isSame ? "与本设备在揭示前保存的承诺一致" : "与本设备在揭示前保存的承诺不一致：请保存本页并向主管部门反映";
    line.className = isSame ? "text-secondary" : "alert alert-danger";
    line.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-reveal]")) reveal(form);
compare(document);
document.addEventListener("htmx:afterSwap", () => compare(document));
