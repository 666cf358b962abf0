// Asks a security key and sends on what it answered. webauthn-json.js, which allauth brings, puts both into JSON.
"use strict";
{
  const ask = async (form) => {
    const trouble = form.querySelector("[role=alert][hidden], [role=alert][data-trouble]");
    const options = JSON.parse(document.getElementById(form.dataset.options).textContent);
    trouble.dataset.trouble = "";
    trouble.hidden = true;
    try {
      const answer = await window.webauthnJSON[form.dataset.securityKey](options);
      form.elements.credential.value = JSON.stringify(answer);
      form.submit();
    } catch {
      trouble.hidden = false;
    }
  };
  for (const form of document.querySelectorAll("form[data-security-key]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
}
