// Light or dark: the system's choice until the button says otherwise.
import { byId } from './dom.js';

const key = 'hullcheck-theme';

export function createThemeButton() {
  const button = byId('theme');
  apply(remembered());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => apply(null));
  button.addEventListener('click', () => {
    const next = isDark() ? 'light' : 'dark';
    apply(next);
    remember(next);
  });
}

/** @type {(theme: string | null) => void} */
function apply(theme) {
  if (theme !== null) document.documentElement.dataset['theme'] = theme;
  const other = isDark() ? 'Light' : 'Dark';
  byId('theme').textContent = other;
  byId('theme').title = `Show the page ${other.toLowerCase()}`;
}

/** @type {() => boolean} */
function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === undefined
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : theme === 'dark';
}

/** A page from a file may have no storage; then the choice lasts as long as the page. */
/** @type {() => string | null} */
function remembered() {
  try {
    const theme = localStorage.getItem(key);
    return theme === 'light' || theme === 'dark' ? theme : null;
  } catch {
    return null;
  }
}

/** @type {(theme: string) => void} */
function remember(theme) {
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Nothing to do about it.
  }
}
