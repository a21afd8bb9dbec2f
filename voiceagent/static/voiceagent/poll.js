// Renews the parts of a place on the page from the address that the place names, until an answer
// says that it is final. Without this script the link "Look again" does the same by hand.
"use strict";

const ANSWERED_WITHIN = 10000;
const SLOWEST = 15000;

function watch(place) {
  const every = Number(place.dataset.every || 2000);
  const until = place.dataset.for ? Date.now() + Number(place.dataset.for) : Infinity;
  const note = place.querySelector("[data-note]");
  const look = place.querySelector("[data-look]");
  let pause = every;

  // Said once: words that stay the same are not read out again.
  function say(words) {
    if (note && note.textContent !== words) note.textContent = words;
  }

  function end(words) {
    say(words);
    if (look) look.hidden = words === "";
  }

  async function ask() {
    if (document.hidden) return "";
    const answer = await fetch(place.dataset.poll, {
      cache: "no-store",
      signal: AbortSignal.timeout(ANSWERED_WITHIN),
    });
    if (answer.redirected) return "outside"; // to the login
    if (!answer.ok) throw new Error(String(answer.status));
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const isWhole = renew(place, found);
    return isWhole && found.querySelector("[data-final]") ? "final" : "";
  }

  // The next question follows the answer, so that a slow server is not asked twice at once.
  async function again() {
    if (Date.now() > until) return end(place.dataset.over);
    try {
      const came = await ask();
      if (came === "final") return end("");
      if (came === "outside") return end(place.dataset.outside);
      pause = every;
      say("");
    } catch {
      pause = Math.min(pause * 2, SLOWEST);
      say(place.dataset.away);
    }
    setTimeout(again, pause);
  }

  if (look) look.hidden = true;
  setTimeout(again, pause);
}

// Only what differs is replaced, so that nothing is read out twice and no button is taken away
// from under somebody's finger. Answers whether the place shows all of it now.
function renew(place, found) {
  let isWhole = true;
  for (const fresh of found.querySelectorAll("[data-part]")) {
    const shown = place.querySelector(`[data-part="${fresh.dataset.part}"]`);
    if (!shown || plain(shown) === plain(fresh)) continue;
    if (shown.contains(document.activeElement)) isWhole = false;
    else shown.replaceChildren(...fresh.childNodes);
  }
  return isWhole;
}

// Each answer brings another security mark for the same form.
function plain(part) {
  return part.innerHTML.replace(/(name="csrfmiddlewaretoken" value=)"[^"]*"/g, "$1");
}

for (const place of document.querySelectorAll("[data-poll]")) watch(place);
