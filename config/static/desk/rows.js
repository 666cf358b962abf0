// Tables of rows on a page: "Another person" adds a blank one. Without this script the page still has its first rows.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  for (const table of document.querySelectorAll("[data-rows]")) {
    const prefix = table.dataset.rows;
    const total = table.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
    const most = Number(table.querySelector(`[name="${prefix}-MAX_NUM_FORMS"]`).value);
    const list = table.querySelector(".row-list");
    const blank = table.querySelector("template");
    const button = table.querySelector("[data-add-row]");
    button.hidden = Number(total.value) >= most;
    button.addEventListener("click", () => {
      const place = Number(total.value);
      const html = blank.innerHTML.replaceAll("__prefix__", String(place));
      list.insertAdjacentHTML("beforeend", html);
      total.value = String(place + 1);
      button.hidden = place + 1 >= most;
      const row = list.lastElementChild;
      row.setAttribute("aria-label", `${row.getAttribute("aria-label").trim()} ${place + 1}`);
      row.querySelector("input, select").focus();
    });
  }
  document.querySelector(".errornote[tabindex]")?.focus();
});
