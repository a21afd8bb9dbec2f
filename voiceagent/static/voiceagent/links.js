// A click on the number of a line goes there and copies its whole address.
"use strict";

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-link]");
  if (!link || !navigator.clipboard) return; // elsewhere the browser's own menu copies it
  navigator.clipboard.writeText(link.href).then(() => {
    const words = link.textContent;
    if (words === link.dataset.copied) return;
    link.textContent = link.dataset.copied;
    setTimeout(() => {
      link.textContent = words;
    }, 1500);
  });
});
