// Renews a part of the page every two seconds from the address that it names.
"use strict";

const EVERY = 2000;
const part = document.querySelector("[data-live]");
let shown = "";

async function renew() {
  if (document.hidden || part.contains(document.activeElement)) return; // somebody is at a button
  const answer = await fetch(part.dataset.live, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return; // logged out meanwhile: a reload says so
  const rows = await answer.text();
  const words = rows.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
  if (words === shown || part.contains(document.activeElement)) return;
  shown = words;
  part.innerHTML = rows;
}

// The next question follows the answer, so that a slow server is not asked twice at once.
function again() {
  setTimeout(() => renew().catch(() => {}).finally(again), EVERY);
}

if (part) again();
