// What stands around the text: placeholders to press, its size, its side, and its findings.
import { own } from "./keepsake.js";

export function startEditor(form, saving) {
  const text = form.elements.text;
  const greeting = form.elements.greeting;
  let last = text;
  const fields = [text, greeting, form.elements.note].filter(Boolean);
  for (const field of [text, greeting]) field?.addEventListener("focus", () => (last = field));

  startSizes(form, text);
  startTurning(form, fields);
  for (const chip of form.querySelectorAll("[data-insert]")) {
    chip.disabled = false;
    chip.addEventListener("click", () => insert(last, chip.dataset.insert));
  }
  const points = form.querySelector("#points");
  if (!points) return;
  showPlaces(points);
  points.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) select(form.elements[button.dataset.show], button.dataset);
  });
  saving?.onSaved((state) => {
    document.querySelector("#va-draft-state").textContent = state.draft;
    document.querySelector("#va-moved").innerHTML = state.moved;
    if (state.opening) form.querySelector("[data-opening]").textContent = state.opening;
    if (points.contains(document.activeElement)) return; // somebody is at a button
    points.innerHTML = state.points;
    showPlaces(points);
  });
}

// Typed as a person would type it, so that it can be undone.
function insert(field, words) {
  field.focus();
  if (document.execCommand("insertText", false, words)) return;
  field.setRangeText(words, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function startSizes(form, text) {
  const perToken = JSON.parse(document.querySelector("#va-per-token").textContent);
  const characters = form.querySelector("[data-characters]");
  const tokens = form.querySelector("[data-tokens]");
  const show = () => {
    const count = [...text.value].length;
    characters.textContent = count.toLocaleString(document.documentElement.lang);
    tokens.textContent = estimate(text.value, count, perToken).toLocaleString(
      document.documentElement.lang,
    );
  };
  text.addEventListener("input", show);
  show();
}

// The rates come from the server; spaces go with the letters around them.
function estimate(text, count, { "": elsewhere, ...perToken }) {
  const letters = (text.match(/\p{L}/gu) || []).length;
  if (!letters) return Math.round(count / elsewhere);
  let left = letters;
  let share = 0;
  for (const [script, rate] of Object.entries(perToken)) {
    const own = (text.match(new RegExp(`(?=\\p{L})\\p{Script=${script}}`, "gu")) || []).length;
    share += own / letters / rate;
    left -= own;
  }
  return Math.round(count * (share + left / letters / elsewhere));
}

// The side from which the text is read is remembered for this prompt.
function startTurning(form, fields) {
  const button = form.querySelector("[data-turn]");
  const key = own(`side/${form.dataset.keep}`);
  const turn = (side) => {
    for (const field of fields) field.dir = side;
  };
  const kept = read(key);
  if (kept) turn(kept);
  button.hidden = false;
  button.addEventListener("click", () => {
    const side = fields[0].dir === "rtl" ? "ltr" : "rtl";
    turn(side);
    write(key, side);
  });
}

function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It is turned all the same, and forgotten with the page.
  }
}

function showPlaces(points) {
  for (const button of points.querySelectorAll("[data-show]")) button.hidden = false;
}

// Selects what a finding names, or its line.
function select(field, { line, found }) {
  const lines = field.value.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const place = found ? field.value.indexOf(found, start) : -1;
  const from = place < 0 ? start : place;
  const length = place < 0 ? (lines[line - 1] || "").length : found.length;
  field.focus();
  field.setSelectionRange(from, from + length);
  field.scrollTop = (field.scrollHeight / lines.length) * Math.max(0, line - 4);
}
