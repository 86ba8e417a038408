// Elements of the page. Strings go in as text nodes and attributes only: none is ever read as HTML.

/** `properties` are attributes; `on` has listeners by event. A child is a node, a string, or null for none. */
export function element(name, { on = {}, ...attributes } = {}, ...children) {
  return fill(document.createElement(name), attributes, on, children);
}

const svgNamespace = 'http://www.w3.org/2000/svg';

export function svgElement(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, name), attributes, {}, children);
}

export function byId(id) {
  return document.getElementById(id);
}

function fill(node, attributes, listeners, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) node.setAttribute(key, value === true ? '' : value);
  }
  for (const [event, listener] of Object.entries(listeners)) node.addEventListener(event, listener);
  node.append(...children.filter((child) => child !== null));
  return node;
}
