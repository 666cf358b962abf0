// Registration at the door by keyboard: Enter goes on to the next person, a given name without a family name takes the one
// above, and likely duplicates show while somebody types. Without this script the page registers all the same.
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const part = document.querySelector("[data-likely]");
  const people = part.querySelector('[data-rows="people"]');
  const form = part.closest("form");
  const token = form.querySelector('[name="csrfmiddlewaretoken"]').value;
  const field = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const rows = () => [...people.querySelectorAll(".row-list > .row")];
  const waiting = new WeakMap();
  const asked = new WeakMap();

  const follow = (row) => {
    const next = rows()[rows().indexOf(row) + 1];
    if (next) field(next, "family_name").focus();
    else people.querySelector("[data-add-row]").click();
  };

  const carryFamilyName = (row) => {
    const above = rows()[rows().indexOf(row) - 1];
    const family = field(row, "family_name");
    if (above && !family.value && field(row, "given_name").value) family.value = field(above, "family_name").value;
  };

  const tell = (row, answer) => {
    row.querySelector(".likely")?.remove();
    if (!answer.own.length && !answer.elsewhere && !answer.untold && !answer.failed) return;
    const box = document.createElement("div");
    box.className = "likely";
    box.setAttribute("role", "status");
    const say = (text) => box.appendChild(document.createElement("p")).append(text);
    if (answer.failed) say(part.dataset.likelyFailed);
    if (answer.own.length) {
      say(part.dataset.likelyOne);
      const list = box.appendChild(document.createElement("ul"));
      for (const match of answer.own) {
        const link = document.createElement("a");
        link.href = match.url;
        link.target = "_blank";
        link.textContent = match.label;
        const item = list.appendChild(document.createElement("li"));
        item.append(link, `: ${match.why}`);
      }
    }
    if (answer.elsewhere) say(part.dataset.likelyElsewhere);
    if (answer.untold) say(part.dataset.likelyUntold);
    row.append(box);
  };

  const look = async (row) => {
    const told = Object.fromEntries(
      ["family_name", "given_name", "patronymic", "sex", "birth_date"].map((name) => [name, field(row, name).value]),
    );
    ["kind", "country", "number"].forEach((part) => (told[`document_${part}`] = field(row, `document_${part}`).value));
    told.phone = form.querySelector('[name="phone"]').value;
    told.origin = form.querySelector('[name="origin"]').value;
    const question = JSON.stringify(told);
    if (asked.get(row) === question) return;
    asked.set(row, question);
    if (!told.family_name && !told.given_name) return tell(row, { own: [], elsewhere: false });
    let answer = { own: [], elsewhere: false, failed: true };
    try {
      const response = await fetch(part.dataset.likely, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: question,
      });
      if (response.ok) answer = await response.json();
    } catch { /* the network is away: the sentence for that is shown */ }
    if (asked.get(row) === question) tell(row, answer);
  };

  people.addEventListener("input", (event) => {
    const row = event.target.closest(".row");
    if (!row) return;
    clearTimeout(waiting.get(row));
    waiting.set(row, setTimeout(look, 350, row));
  });
  people.addEventListener("focusout", (event) => {
    const row = event.target.closest(".row");
    if (row && event.target === field(row, "given_name")) carryFamilyName(row);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    const row = event.target.closest('[data-rows="people"] .row');
    if (!row || !event.target.matches("input, select")) return;
    event.preventDefault();
    carryFamilyName(row);
    follow(row);
  });
  form.addEventListener("submit", () => rows().forEach(carryFamilyName));

  const first = rows()[0];
  const isPlaced = form.querySelector('[name="registered_in"]').value;
  if (isPlaced && !document.querySelector(".errornote")) field(first, "family_name").focus();
});
