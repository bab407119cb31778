import { writeDay } from "../input/days.ts";
import type { Column } from "./rows.ts";

/** Size of the pieces of text, in characters. */
const PIECE = 1 << 18;

/** CSV as in RFC 4180, with line feeds; empty cells where there is no value. */
export function* csvPieces(columns: readonly Column[], rows: number): Generator<string> {
  const cells = columns.map(csvCell);
  let piece = `${columns.map((column) => column.name).join(",")}\n`;
  for (let row = 0; row < rows; row++) {
    let line = "";
    for (const cell of cells) line += `${line === "" ? "" : ","}${cell(row)}`;
    piece += `${line}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

/** A JSON array of objects, one to a line. */
export function* jsonPieces(columns: readonly Column[], rows: number): Generator<string> {
  const cells = columns.map(jsonCell);
  let piece = "[";
  for (let row = 0; row < rows; row++) {
    const line = columns.map(({ name }, i) => `"${name}":${cells[i](row)}`).join(",");
    piece += `${row === 0 ? "" : ","}\n{${line}}`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  yield `${piece}\n]\n`;
}

function csvCell(column: Column): (row: number) => string {
  switch (column.kind) {
    case "text":
      return (row) => csvText(column.at(row));
    case "day":
      return (row) => dayText(column.at(row)) ?? "";
    default:
      return (row) => String(column.at(row));
  }
}

function jsonCell(column: Column): (row: number) => string {
  switch (column.kind) {
    case "text":
      return (row) => JSON.stringify(column.at(row));
    case "day":
      return (row) => JSON.stringify(dayText(column.at(row)));
    default:
      return (row) => JSON.stringify(column.at(row));
  }
}

/**
 * The beginning of a cell that a spreadsheet would run as a formula; Japanese versions accept
 * full-width signs too.
 */
const FORMULA = /^[\s\p{Cc}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
/** Numbers with a sign are not formulas. */
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * Quoted where a reader would otherwise split it (also at semicolons or tabs) or trim its spaces.
 * Formulas are prefixed with an apostrophe, which makes them text in a spreadsheet.
 */
export function csvText(text: string): string {
  const inert = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]|^\s|\s$/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

const texts = new Map<number, string>();

function dayText(day: number | null): string | null {
  if (day === null) return null;
  let text = texts.get(day);
  if (text === undefined) {
    text = writeDay(day);
    texts.set(day, text);
  }
  return text;
}
