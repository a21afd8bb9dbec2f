// Brings back what was typed into a form that was sent when the session had ended: the login
// answered, and the page behind it is empty. It is kept in this window alone, for one person, and
// forgotten once a page has answered. Passwords are never kept.
"use strict";

(() => {
  const NAME = "va-sent:";
  const [SENT, LOST] = ["sent", "lost"]; // lost: the answer was the login, or refused an old page
  const TYPED = "textarea, select, input:not([type=hidden], [type=submit], [type=password])";
  const person = document.querySelector("meta[name=va-person]");
  const forms = [...document.querySelectorAll("#content form[method=post]:not(#va-draft)")];

  // By where it is sent to: forms that go elsewhere may have come or gone meanwhile.
  function key(form) {
    const goal = (one) => one.getAttribute("action") || "";
    const alike = forms.filter((one) => goal(one) === goal(form));
    return `${NAME}${person.content}:${location.pathname}:${goal(form)}:${alike.indexOf(form)}`;
  }

  function typed(form) {
    const secrets = [...form.querySelectorAll("[type=password]")].map((field) => field.name);
    return [...new FormData(form)].filter(
      ([name, value]) =>
        typeof value === "string" && ![...secrets, "csrfmiddlewaretoken"].includes(name),
    );
  }

  function fill(form, values) {
    for (const field of form.elements) {
      const own = values.filter(([name]) => name === field.name);
      if (!field.name || field.disabled || field.type === "password") continue;
      if (["checkbox", "radio"].includes(field.type)) {
        field.checked = own.some(([, value]) => value === field.value);
      } else if (own.length) {
        field.value = own[0][1];
      }
    }
  }

  function bringBack(form) {
    const kept = JSON.parse(sessionStorage.getItem(key(form)));
    if (!kept) return;
    fill(form, kept.values);
    unfold(form);
    const note = document.createElement("p");
    note.className = "va-banner va-banner-note";
    note.setAttribute("role", "status");
    note.textContent = person.dataset.back;
    form.before(note);
    const cancel = form.querySelector(".closelink");
    cancel?.addEventListener("click", () => sessionStorage.removeItem(key(form)));
  }

  function unfold(form) {
    const fold = form.closest("details");
    if (!fold) return;
    fold.open = true;
    unfold(fold.parentElement);
  }

  // A page for somebody is an answer to what was sent; a page for nobody says that it is lost.
  function settle() {
    for (const name of Object.keys(sessionStorage).filter((one) => one.startsWith(NAME))) {
      const kept = JSON.parse(sessionStorage.getItem(name));
      if (!person) sessionStorage.setItem(name, JSON.stringify({ ...kept, state: LOST }));
      else if (kept.state === SENT) sessionStorage.removeItem(name);
    }
  }

  try {
    settle();
    if (person) forms.forEach(bringBack);
  } catch {
    return; // there is no storage here
  }
  document.addEventListener("submit", ({ target: form, defaultPrevented }) => {
    if (!person || defaultPrevented || !forms.includes(form) || !form.querySelector(TYPED)) return;
    try {
      sessionStorage.setItem(key(form), JSON.stringify({ state: SENT, values: typed(form) }));
    } catch {
      // A full storage must not stop anybody from sending.
    }
  });
})();
