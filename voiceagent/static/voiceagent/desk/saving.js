// Saves a draft while a person types: at most four seconds after a letter, and again and again
// while the server is away. Until it has answered, the words are kept in this browser.
import { forget, recall, remember } from "./keepsake.js";

const QUIET = 900; // milliseconds after the last letter
const LATEST = 4000; // milliseconds after the first one that is not saved
const [DONE, REFUSED, AWAY] = ["done", "refused", "away"];
const AGAIN = [2000, 4000, 8000, 15000]; // between tries

export function startSaving(form) {
  const fields = ["text", "greeting", "note"]
    .map((name) => form.elements[name])
    .filter(Boolean); // the platform's prompts have no first sentence
  const { keep: key, save: url, ...words } = form.dataset;
  const status = form.querySelector("[data-status]");
  const edition = form.elements.edition;
  let saved = snapshot();
  let dirtySince = 0;
  let timer = 0;
  let tries = 0;
  let running = null;
  let listener = () => {};

  function snapshot() {
    return JSON.stringify(fields.map((field) => field.value));
  }

  function typed() {
    return {
      text: form.elements.text.value,
      greeting: form.elements.greeting?.value,
      note: form.elements.note.value,
      base: form.elements.base.value || null,
      edition: Number(edition.value),
      person: form.elements.person.value,
    };
  }

  function touched() {
    if (snapshot() === saved) return;
    remember(key, typed());
    dirtySince ||= Date.now();
    plan(Math.max(0, Math.min(QUIET, dirtySince + LATEST - Date.now())));
  }

  function plan(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  // One request at a time; what is typed meanwhile goes with the next one.
  function save() {
    clearTimeout(timer);
    running ||= send().finally(() => {
      running = null;
      if (dirtySince && !tries) touched();
    });
    return running;
  }

  async function send() {
    const sent = snapshot();
    if (sent === saved) return DONE;
    status.textContent = words.saving;
    try {
      const answer = await fetch(url, {
        method: "POST",
        credentials: "same-origin",
        keepalive: sent.length < 20000, // a browser lets only so much outlive its page
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
        body: JSON.stringify(typed()),
      });
      return await take(answer, sent);
    } catch {
      return retry(words.notSaved);
    }
  }

  async function take(answer, sent) {
    const isOurs = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    if (answer.type === "opaqueredirect" || (answer.status === 403 && !isOurs)) {
      return retry(words.loggedOut);
    }
    if (!isOurs || answer.status >= 500) return retry(words.notSaved);
    const state = await answer.json();
    if (!answer.ok) return refuse(state.detail, answer.status === 409);
    edition.value = state.edition;
    saved = sent;
    tries = 0;
    status.classList.remove("va-not-saved");
    status.textContent = state.saved;
    if (snapshot() === saved) {
      dirtySince = 0;
      forget(key);
    }
    listener(state);
    return DONE;
  }

  function retry(sentence) {
    say(sentence);
    plan(AGAIN[Math.min(tries, AGAIN.length - 1)]);
    tries += 1;
    return AWAY;
  }

  // The server has said no: trying the same again would not help.
  function refuse(sentence, offersChoice) {
    say(sentence);
    tries = 0;
    saved = snapshot();
    dirtySince = 0;
    if (offersChoice) status.append(" ", chooser());
    return REFUSED;
  }

  function say(sentence) {
    status.textContent = sentence;
    status.classList.add("va-not-saved");
  }

  // The server's page shows both texts when it is sent the words of this window.
  function chooser() {
    const button = document.createElement("button");
    button.type = "submit";
    button.name = "then";
    button.value = "stay";
    button.className = "button";
    button.dataset.choose = "";
    button.textContent = words.choose;
    return button;
  }

  function csrfToken() {
    const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    return cookie ? cookie[1] : form.elements.csrfmiddlewaretoken.value;
  }

  // What this browser kept when its window closed comes back, unless the draft went on elsewhere.
  function bringBack() {
    const kept = recall(key);
    if (!kept) return;
    const same = fields.every((field) => field.value === kept[field.name]);
    if (same && form.querySelector(".errorlist")) return; // seen by the server, and refused
    if (same) return forget(key);
    if (kept.edition === Number(edition.value)) {
      for (const field of fields) field.value = kept[field.name];
      status.textContent = words.broughtBack;
      return touched();
    }
    say(words.elsewhere);
    const button = chooser();
    button.addEventListener("click", () => {
      for (const field of fields) field.value = kept[field.name];
      edition.value = kept.edition;
    });
    status.append(" ", button);
  }

  // Before the page is left the words are saved, so that it knows the newest edition when
  // somebody comes back to it. While the server is away nobody is sent to an error page.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    const isChoice = button?.dataset.choose !== undefined;
    if (!isChoice) {
      if (running) await running;
      if ((await save()) === AWAY) return;
    }
    const pressed = document.createElement("input");
    pressed.type = "hidden";
    pressed.name = button?.name || "then";
    pressed.value = button?.value || "stay";
    form.append(pressed);
    form.elements.csrfmiddlewaretoken.value = csrfToken(); // a login elsewhere has changed it
    form.submit();
    pressed.remove();
  });
  for (const field of fields) field.addEventListener("input", touched);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && dirtySince) save();
  });
  window.addEventListener("online", () => dirtySince && save());
  bringBack();
  return {
    onSaved: (callback) => {
      listener = callback;
    },
  };
}
