import { stripVTControlCharacters } from 'node:util';

/**
 * In place of the package that lays out the help: its tables of all characters take longer to load than the rest of a
 * start, and the help is ASCII. A test compares the help of the bundle with that of the modules.
 */
export default function stringWidth(text) {
  return stripVTControlCharacters(text).length;
}
