// Elements without markup strings: whatever a person wrote can only ever become text.

export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name in node && !name.startsWith("aria") && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  fill(node, ...children);
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
  return node;
}

export function show(node, visible) {
  if (node.hidden === visible) node.hidden = !visible;
  return node;
}

// Keeps the children of `node` equal to `keys`, in order, without rebuilding (and so unfocusing) those that stay.
export function keep(node, keys, made, make, drop = () => {}) {
  for (const [key, part] of made) {
    if (!keys.includes(key)) {
      drop(part);
      part.node.remove();
      made.delete(key);
    }
  }
  keys.forEach((key, place) => {
    if (!made.has(key)) made.set(key, make(key));
    const wanted = made.get(key).node;
    if (node.children[place] !== wanted) node.insertBefore(wanted, node.children[place] ?? null);
  });
}

let counter = 0;
export const fresh = (prefix) => `${prefix}-${++counter}`;
