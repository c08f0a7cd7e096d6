// Dialogs. The page behind is out of reach while one is open, so each has its own way to leave quickly.

import { byId, make } from "./dom.js";
import { say } from "./texts.js";

/** Shows a dialog; returns a function that closes it. Focus goes back to where it was. */
export function openDialog({ title, content, closeText, className = "", onClose = () => {}, actions = [] }) {
  const heading = make("h2", { id: "dialog-title", dir: "auto", text: title, tabindex: "-1" });
  const dialog = make("dialog", { class: `sheet ${className}`, "aria-labelledby": "dialog-title" });
  const close = () => dialog.close();
  dialog.append(
    make("div", { class: "sheet-top" }, heading, leaveButton()),
    make("div", { class: "sheet-content" }, content),
    make(
      "div",
      { class: "row sheet-end" },
      actions,
      closeText ? make("button", { type: "button", class: "soft", text: closeText, on: { click: close } }) : null,
    ),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    onClose();
  });
  byId("composer").closest("main").append(dialog);
  dialog.showModal();
  heading.focus();
  return close;
}

function leaveButton() {
  return make("button", { type: "button", class: "door leave small-door", "data-leave-now": true, text: say("shell.leave") });
}
