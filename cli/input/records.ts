import { pipeline } from "node:stream/promises";

import { CsvError, parse } from "csv-parse";

import { BadInput } from "../bad-input.ts";
import type { Source } from "./source.ts";

/** Longest line that is read: far longer than any order, far smaller than memory. */
export const MAX_LINE = 1 << 20;

/** Receives the rows of a file, one after another. */
export type RecordReader = {
  header: (cells: string[]) => void;
  /** `line` is the line on which the row ends. */
  row: (cells: string[], line: number) => void;
};

/**
 * Reads CSV (RFC 4180; comma, semicolon or tab, as the header has it) row by row. Throws BadInput
 * for a quote out of place, a line above 1 MiB, a row with more or fewer cells than the header, and
 * for bytes that are not UTF-8.
 */
export async function readRecords(source: Source, reader: RecordReader): Promise<void> {
  const text = new TextCheck();
  let header: string[] | null = null;
  let lastLine = 0;
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(source.head),
    max_record_size: MAX_LINE,
    on_record: (cells: string[], { lines }: { lines: number }) => {
      if (text.suspect) refuseRubbish(cells, { header: header ?? [], line: lines });
      lastLine = lines;
      if (header) {
        if (cells.length !== header.length) throw ragged(cells, { header, line: lines });
        reader.row(cells, lines);
      } else {
        header = cells;
        reader.header(cells);
      }
      return null;
    },
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
  });
  parser.resume();
  try {
    await pipeline(text.watch(source.chunks), parser);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw broken(error, { line: lastLine + 1, header: header ?? [] });
  }
}

/** The line on which a row begins, given the one on which it ends. */
export function firstLine(cells: readonly string[], lastLine: number): number {
  const breaks = cells.reduce((sum, cell) => sum + cell.split(/\r\n|\n|\r/).length - 1, 0);
  return lastLine - breaks;
}

function delimiterOf(head: Buffer): string {
  const end = head.indexOf(10);
  const line = head.subarray(0, end === -1 ? head.length : end).toString("utf8");
  const bare = line.replace(/"[^"]*"/g, "");
  const count = (delimiter: string) => bare.split(delimiter).length;
  return [",", ";", "\t"].reduce((best, next) => (count(next) > count(best) ? next : best));
}

type Where = { header: readonly string[]; line: number };

function ragged(cells: readonly string[], { header, line }: Where): BadInput {
  return new BadInput(
    `has ${cells.length} columns where the header has ${header.length}: ` +
      "a cell that holds the delimiter must stand in quotes",
    { line: firstLine(cells, line) },
  );
}

/** Finds the cell of a row that is not valid text, and throws. */
function refuseRubbish(cells: readonly string[], { header, line }: Where): void {
  const index = cells.findIndex((cell) => cell.includes("\uFFFD") || cell.includes("\0"));
  if (index === -1) return;
  const place = { line: firstLine(cells, line), column: header[index] ?? String(index + 1) };
  if (cells[index].includes("\0")) throw new BadInput("holds a zero byte: this is not text", place);
  throw new BadInput(
    "is not UTF-8: save the file in UTF-8 (it may be Latin-1 or Windows-1252)",
    place,
  );
}

function broken(error: CsvError, { line, header }: Where): BadInput {
  const cell: unknown = error.column;
  const column = typeof cell === "number" ? (header[cell] ?? String(cell + 1)) : undefined;
  const place = column === undefined ? { line } : { line, column };
  switch (error.code) {
    case "CSV_MAX_RECORD_SIZE":
      return new BadInput("is longer than 1 MiB: is a quote opened there and never closed?", place);
    case "CSV_QUOTE_NOT_CLOSED":
      return new BadInput("opens a quote that is never closed", place);
    case "INVALID_OPENING_QUOTE":
    case "CSV_INVALID_CLOSING_QUOTE":
      return new BadInput(
        'has a quote out of place: a cell with quotes must stand in quotes, and each be doubled ("")',
        place,
      );
    default:
      return new BadInput(`is not CSV: ${error.message}`, place);
  }
}

/** Checks the bytes on their way to the parser, which would replace invalid ones silently. */
class TextCheck {
  /** Whether an invalid byte has occurred; only then are cells checked one by one. */
  suspect = false;
  #decoder = new TextDecoder("utf-8", { fatal: true });

  async *watch(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      if (!this.suspect) this.#check(chunk);
      yield chunk;
    }
    if (!this.suspect) this.#check(null);
  }

  #check(chunk: Buffer | null): void {
    try {
      this.#decoder.decode(chunk ?? undefined, { stream: chunk !== null });
      this.suspect = chunk?.includes(0) ?? false;
    } catch {
      this.suspect = true;
    }
  }
}
