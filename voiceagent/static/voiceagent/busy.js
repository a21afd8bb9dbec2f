// A button whose work takes seconds says so once it is pressed, and takes no second press.
"use strict";

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || !button.dataset.busy) return;
  if (button.getAttribute("aria-busy") === "true") event.preventDefault();
  button.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busy; // it keeps the focus, so the list leaves it alone
});
