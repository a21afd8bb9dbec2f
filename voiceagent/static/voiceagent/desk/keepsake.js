// Words that the server does not have yet, kept in this browser until it has them.
const NAME = "va-draft:";

export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(NAME + key));
  } catch {
    return null; // no storage here, or something else in its place
  }
}

export function remember(key, words) {
  try {
    localStorage.setItem(NAME + key, JSON.stringify(words));
  } catch {
    // A full or forbidden storage must not stop anybody from typing.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(NAME + key);
  } catch {
    // There is nothing to forget.
  }
}

// Where a person has chosen which text goes on, the other one is no longer offered.
export function forgetOnChoice() {
  for (const choice of document.querySelectorAll("[data-forget]")) {
    choice.addEventListener("click", () => forget(choice.dataset.forget));
  }
}
