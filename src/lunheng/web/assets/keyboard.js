// In a table marked data-rows: j and k move through the rows, Enter opens the row's first link.

function select(rows, index) {
  for (const row of rows) row.removeAttribute("data-selected");
  const row = rows[index];
  row.setAttribute("data-selected", "");
  row.scrollIntoView({ block: "nearest" });
}

const isTyping = (target) => target.matches("input, textarea, select, button, a, summary, [contenteditable]");

export function moveByKeyboard(root) {
  const table = root.querySelector("table[data-rows]");
  if (!table) return;
  root.addEventListener("keydown", (event) => {
    if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...table.querySelectorAll("tbody tr")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.hasAttribute("data-selected"));
    if (event.key === "j") select(rows, Math.min(at + 1, rows.length - 1));
    if (event.key === "k") select(rows, Math.max(at - 1, 0));
    if (event.key === "Enter" && at >= 0) {
      const link = rows[at].querySelector("a[href]");
      if (link) link.click();
    }
  });
}
