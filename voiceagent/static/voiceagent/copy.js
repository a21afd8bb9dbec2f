// Copies the address or the text beside a button, and says so on the button for a moment.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const place = button.dataset.copy; // names a field elsewhere
  const field = place
    ? document.getElementById(place)
    : button.parentElement.querySelector("input, textarea");
  field.select();
  copy(field).then(() => {
    const words = button.textContent;
    button.textContent = button.dataset.copied;
    button.disabled = true;
    setTimeout(() => {
      button.textContent = words;
      button.disabled = false;
    }, 1500);
  });
});

// Browsers offer the clipboard on https and this machine only; elsewhere the selection is copied.
function copy(field) {
  if (navigator.clipboard) return navigator.clipboard.writeText(field.value);
  document.execCommand("copy");
  return Promise.resolve();
}
