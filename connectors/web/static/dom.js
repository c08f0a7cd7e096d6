// Elements from values. Text is only ever set as text: nothing anybody writes can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element; `attributes` may hold `class`, `text`, `on` (listeners by event name) and any attribute (true: bare). */
export function make(tag, attributes = {}, ...children) {
  const { text, on = {}, ...rest } = attributes;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(rest)) setAttribute(element, name, value);
  if (text !== undefined) element.textContent = text;
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...children.flat(2).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

function setAttribute(element, name, value) {
  if (value === false || value === null || value === undefined) return;
  element.setAttribute(name, value === true ? "" : value);
}

/** A small drawing from one path; purely decorative. */
export function icon(name, path, box = "0 0 20 20") {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", box);
  drawing.setAttribute("class", `icon icon-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

export const byId = (id) => document.getElementById(id);

/** Words that somebody wrote: kept as they are, each paragraph in its own direction. */
export function words(text, className = "words") {
  return make("p", { class: className, dir: "auto", text });
}
