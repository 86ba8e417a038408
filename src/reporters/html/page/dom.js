// Elements of the page. Strings go in as text nodes and attributes only: none is ever read as HTML.
/**
 * @typedef {Readonly<Record<string, () => void>>} Listeners
 * @typedef {{ readonly on?: Listeners } & Readonly<Record<string, unknown>>} Attributes
 */
/** @typedef {{ search: HTMLInputElement, everything: HTMLDetailsElement }} Elements */
/**
 * @template {string} Id
 * @typedef {Id extends keyof Elements ? Elements[Id]
 *   : Id extends `filter-${string}` ? HTMLSelectElement
 *   : string extends Id ? HTMLElement | null : HTMLElement} ElementOf
 */

/** `properties` are attributes; `on` has listeners by event. A child is a node, a string, or null for none. */
/** @type {<Name extends keyof HTMLElementTagNameMap>(name: Name, attributes?: Attributes, ...children: readonly (Node | string | null)[]) => HTMLElementTagNameMap[Name]} */
export function element(name, { on = {}, ...attributes } = {}, ...children) {
  return fill(document.createElement(name), attributes, on, children);
}

const svgNamespace = 'http://www.w3.org/2000/svg';

/** @type {<Name extends keyof SVGElementTagNameMap>(name: Name, attributes?: Attributes, ...children: readonly (Node | string | null)[]) => SVGElementTagNameMap[Name]} */
export function svgElement(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, name), attributes, {}, children);
}

/**
 * @template {string} Id
 * @overload
 * @param {Id} id
 * @returns {ElementOf<Id>}
 */
/**
 * @param {string} id
 * @returns {HTMLElement | null}
 */
export function byId(id) {
  return document.getElementById(id);
}

/** @type {<Made extends Element>(node: Made, attributes: Attributes, listeners: Listeners, children: readonly (Node | string | null)[]) => Made} */
function fill(node, attributes, listeners, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== false)
      node.setAttribute(key, value === true ? '' : String(value));
  }
  for (const [event, listener] of Object.entries(listeners)) node.addEventListener(event, listener);
  node.append(...children.filter((child) => child !== null));
  return node;
}
