// Forms marked data-draft="<key>" keep what was typed on this device until they are sent and accepted, for the
// person who typed it and nobody else at the same computer. Passwords, files and hidden fields are never kept.

const kept = "input:not([type=password]):not([type=file]):not([type=hidden]), textarea, select";
const pause = 800;

const sent = "draft-sent";

const keyOf = (name) => `draft:${document.body.dataset.seat || ""}:${name}`;
const storageKey = (form) => keyOf(form.dataset.draft);

function valuesOf(form) {
  const values = {};
  for (const field of form.querySelectorAll(kept)) {
    if (!field.name) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) (values[field.name] = values[field.name] || []).push(field.value);
    } else {
      values[field.name] = [field.value];
    }
  }
  return values;
}

function fill(form, values) {
  for (const field of form.querySelectorAll(kept)) {
    const stored = values[field.name];
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = (stored || []).includes(field.value);
    } else if (stored && !field.value) {
      field.value = stored[0];
    }
  }
}

function say(form, text) {
  const place = form.querySelector("[data-draft-state]");
  if (place) place.textContent = text;
}

function keepDraft(form) {
  const stored = localStorage.getItem(storageKey(form));
  if (stored) {
    fill(form, JSON.parse(stored));
    say(form, "已恢复本机保存的草稿");
  }
  let timer = 0;
  const save = () => localStorage.setItem(storageKey(form), JSON.stringify(valuesOf(form)));
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      save();
      say(form, "草稿已保存在本机");
    }, pause);
  });
  // What is sent is the draft: a page that comes back refused must not bring back something older.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    save();
    sessionStorage.setItem(sent, storageKey(form));
  });
}

// The form that was sent is gone and the page says that it was taken: its draft is no longer needed.
function forgetSent(root) {
  const key = sessionStorage.getItem(sent);
  sessionStorage.removeItem(sent);
  if (!key || !root.querySelector(".alert-success")) return;
  const isHere = [...root.querySelectorAll("form[data-draft]")].some((form) => storageKey(form) === key);
  if (!isHere) localStorage.removeItem(key);
}

export function keepDrafts(root) {
  forgetSent(root);
  for (const form of root.querySelectorAll("form[data-draft]")) keepDraft(form);
  // The page that follows an accepted form names the draft that is no longer needed.
  for (const done of root.querySelectorAll("[data-draft-done]")) {
    localStorage.removeItem(keyOf(done.dataset.draftDone));
  }
}
