// The card's own button; the browser's print command does the same.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("[data-print]");
  button.addEventListener("click", () => window.print());
  button.focus();
});
