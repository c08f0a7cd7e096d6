// Dialogs: one at a time, closed by Escape; the browser itself takes the focus back to where it was.
import { h, fresh } from "./dom.js";
import { t } from "./words.js";

// Shows `parts` with a heading; `go` is {label, act, danger}: `act()` gives null when done, or a sentence of what is missing.
export function askDialog({ heading, words = "", parts = [], go = null, wide = false, done = t("cancel"), onShow = () => {} }) {
  const headingId = fresh("heading");
  const problem = h("p", { class: "problem", role: "alert" });
  const form = h("form", { method: "dialog", class: "dialog-form" },
    h("h2", { id: headingId }, heading),
    words ? h("p", { class: "dialog-words" }, words) : null,
    ...parts,
    problem,
    h("div", { class: "dialog-row" },
      h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, done),
      go ? h("button", { class: go.danger ? "primary danger" : "primary" }, go.label) : null));
  const dialog = h("dialog", { class: wide ? "dialog wide" : "dialog", "aria-labelledby": headingId }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!go) return;
    const missing = await go.act();
    if (missing) problem.textContent = missing;
    else dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  onShow(dialog);
  return dialog;
}

// Radio buttons; `choices` are {value, label, means, checked}. `value()` is what was chosen, or null.
export function choice(legend, choices) {
  const name = fresh("choice");
  const node = h("fieldset", { class: "choices" },
    h("legend", {}, legend),
    ...choices.map((each) => h("label", { class: "choice" },
      h("input", { type: "radio", name, value: String(each.value), checked: each.checked === true }),
      h("span", { class: "choice-words" }, h("span", { class: "choice-label" }, each.label), each.means ? h("small", {}, each.means) : null))));
  return { node, value: () => node.querySelector("input:checked")?.value ?? null };
}

export function field(label, props = {}) {
  const id = fresh("field");
  const box = h(props.rows ? "textarea" : "input", { id, ...props });
  return { node: h("div", { class: "field" }, h("label", { for: id }, label), box), box, value: () => box.value.trim() };
}
