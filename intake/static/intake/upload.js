// A file can be dropped anywhere on its box, and a second click while it is sent does not send it twice.
"use strict";
for (const box of document.querySelectorAll("input[type=file]")) {
  const row = box.closest(".form-row");
  const stop = (event) => event.preventDefault();
  row.classList.add("drop");
  row.addEventListener("dragover", (event) => {
    stop(event);
    row.classList.add("is-over");
  });
  row.addEventListener("dragleave", () => row.classList.remove("is-over"));
  row.addEventListener("drop", (event) => {
    stop(event);
    row.classList.remove("is-over");
    if (event.dataTransfer.files.length) box.files = event.dataTransfer.files;
  });
  // Beside the box a dropped file would open in place of the page.
  for (const what of ["dragover", "drop"]) document.addEventListener(what, stop);
  box.form.addEventListener("submit", () => {
    const button = box.form.querySelector("button.primary");
    button.disabled = true;
    button.textContent = box.dataset.sending;
  });
  // Coming back with the browser's own button, the page is as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
