// Lets people see what they type into a password field, and warns them when a page comes unencrypted.
"use strict";

document.querySelectorAll("[data-shows]").forEach((button) => {
  const fields = button.dataset.shows.split(" ").map((id) => document.getElementById(id));
  button.addEventListener("click", () => {
    const shown = fields[0].type === "password";
    fields.forEach((field) => {
      field.type = shown ? "text" : "password";
    });
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? "Hide" : "Show";
  });
});

const warning = document.getElementById("insecure-login-warning");
if (warning && !window.isSecureContext) {
  warning.hidden = false;
}
