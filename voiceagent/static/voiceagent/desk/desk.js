// The prompt's pages: each part finds its own elements, and does nothing where there are none.
import { forgetOnChoice } from "./keepsake.js";
import { startEditor } from "./editor.js";
import { startSaving } from "./saving.js";

const form = document.querySelector("#va-draft");
if (form) {
  const saving = form.querySelector("[data-status]") ? startSaving(form) : null;
  startEditor(form, saving);
}
forgetOnChoice();
