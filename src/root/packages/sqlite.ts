import { MalformedInput } from '../../base/errors.ts';
import { decodeName } from '../../base/text.ts';
import { type Pages, pageAt } from './sqlite-pages.ts';
import { type Column, readRecord } from './sqlite-record.ts';

/**
 * A SQLite database file, read only and as far as rpm needs it: whole tables, row by row (sqlite.org/fileformat2.html,
 * sections 1.3 to 1.6 and 2). Indexes, WITHOUT ROWID tables and write-ahead logs are not read. Throws MalformedInput.
 */
export interface SqliteDatabase {
  /** Rows of a table in the order of their ids; null when there is no table of that name. */
  rows(table: string): Iterable<readonly Column[]> | null;
}

const magic = 'SQLite format 3\0';
const headerSize = 100;
const interiorTable = 0x05;
const leafTable = 0x0d;

export function openSqlite(file: Buffer): SqliteDatabase {
  if (file.length < headerSize || file.toString('latin1', 0, 16) !== magic) {
    throw new MalformedInput('no SQLite header at 0x0, expected "SQLite format 3"');
  }
  const stored = file.readUInt16BE(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) {
    throw new MalformedInput(`page size is ${stored} at 0x10, expected a power of two from 512`);
  }
  const usable = pageSize - (file[20] ?? 0);
  return {
    rows(table) {
      const pages: Pages = { file, pageSize, usable, spend: createBudget(file.length) };
      // sqlite_schema is the table at page 1: type, name, tbl_name, rootpage, sql.
      for (const [type, name, , root] of tableRows(pages, 1)) {
        if (textOf(type) === 'table' && textOf(name) === table && typeof root === 'number') {
          return tableRows(pages, root);
        }
      }
      return null;
    },
  };
}

function createBudget(size: number): Pages['spend'] {
  let left = size;
  return (bytes) => {
    left -= bytes;
    if (left < 0) throw new MalformedInput(`rows have more bytes than the file, which has ${size}`);
  };
}

/** Depth first, with a stack. Every page counts once: a tree that leads back to itself ends. */
function* tableRows(pages: Pages, root: number): Iterable<readonly Column[]> {
  const seen = new Set<number>();
  const pending = [root];
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    if (seen.has(number)) throw new MalformedInput(`page ${number} is part of the tree twice`);
    seen.add(number);
    const page = pageAt(pages, number);
    const header = number === 1 ? headerSize : 0;
    const type = page[header];
    const cells = page.readUInt16BE(header + 3);
    if (type === leafTable) {
      for (const at of cellOffsets(page, header + 8, cells)) yield readRecord(pages, page, at);
    } else if (type === interiorTable) {
      const children = [...cellOffsets(page, header + 12, cells)].map((at) => childAt(page, at));
      pending.push(page.readUInt32BE(header + 8), ...children.reverse());
    } else {
      throw new MalformedInput(`page ${number} is of type ${type}, expected a table's`);
    }
  }
}

function* cellOffsets(page: Buffer, start: number, count: number): Iterable<number> {
  if (start + 2 * count > page.length) {
    throw new MalformedInput(`a page has ${count} cells, which do not fit into it`);
  }
  for (let cell = 0; cell < count; cell += 1) yield page.readUInt16BE(start + 2 * cell);
}

function childAt(page: Buffer, at: number): number {
  if (at + 4 > page.length) throw new MalformedInput(`a cell at ${at} lies outside its page`);
  return page.readUInt32BE(at);
}

function textOf(column: Column | undefined): string | null {
  return Buffer.isBuffer(column) ? decodeName(column) : null;
}
