// Words that the server does not have yet, kept in this browser until it has them. Others may use
// the same browser, so they are kept for one person.
const PERSON = document.querySelector("meta[name=va-person]")?.content;

export function own(name) {
  return `va-${name}:${PERSON}`;
}

export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(draft(key)));
  } catch {
    return null; // no storage here, or something else in its place
  }
}

export function remember(key, words) {
  try {
    localStorage.setItem(draft(key), JSON.stringify(words));
  } catch {
    // A full or forbidden storage must not stop anybody from typing.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(draft(key));
  } catch {
    // There is nothing to forget.
  }
}

function draft(key) {
  return own(`draft/${key}`);
}

// Where a person has chosen which text goes on, the other one is no longer offered.
export function forgetOnChoice() {
  for (const choice of document.querySelectorAll("[data-forget]")) {
    choice.addEventListener("click", () => forget(choice.dataset.forget));
  }
}
