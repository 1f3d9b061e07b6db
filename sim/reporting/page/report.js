"use strict";
for (const table of document.querySelectorAll("table.data")) {
  const body = table.tBodies[0];
  const shown = (cell) => cell.textContent.trim().replace(/\s+/g, " ");
  const plain = (cell) => cell.dataset.value || shown(cell);
  const copied = (cell) => (cell.classList.contains("number") ? plain(cell) : shown(cell));
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    return a - b || (isNaN(a - b) && a !== b ? a.localeCompare(b) : 0);
  };
  for (const head of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sign === 1 ? "ascending" : "descending");
      const key = (row) => plain(row.cells[head.cellIndex]);
      body.append(...[...body.rows].sort((a, b) => sign * compare(key(a), key(b))));
    });
  }
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy table";
  const state = document.createElement("span");
  state.setAttribute("role", "status");
  copy.addEventListener("click", async () => {
    // A spreadsheet would read such text as a formula, and a quote as the start of several cells.
    const plainly = (text) => (/^'*[=+\-@]/.test(text) && isNaN(text) ? "'" + text : text);
    const safe = (text) => (text.startsWith('"') ? `"${text.replaceAll('"', '""')}"` : plainly(text));
    const text = [...table.rows].map((row) => [...row.cells].map((cell) => safe(copied(cell))).join("\t"));
    try {
      await navigator.clipboard.writeText(text.join("\n"));
      state.textContent = " Copied";
    } catch {
      getSelection().selectAllChildren(table);
      state.textContent = " Selected: press Ctrl+C";
    }
  });
  const line = document.createElement("p");
  line.className = "tools";
  line.append(copy, state);
  table.parentElement.after(line);
}
