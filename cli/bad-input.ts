/** Where in a file something is wrong; lines count from 1, the header included. */
export type Place = { line: number; column?: string };

/**
 * The caller's input, or the way the command was called, is at fault (exit 2). The message says what
 * was found and what would be right. Thrown from the depth of a parser; main.ts alone catches it.
 */
export class BadInput extends Error {
  constructor(message: string, place?: Place) {
    super(place ? `${describe(place)}: ${message}` : message);
    this.name = "BadInput";
  }
}

function describe({ line, column }: Place): string {
  return column === undefined ? `line ${line}` : `line ${line}, column "${column}"`;
}

/** A cell as it may be repeated in a message: one line, not longer than a screen takes. */
export function quoted(text: string): string {
  const printable = text.replace(/\p{Cc}/gu, "\uFFFD");
  return `"${printable.length > 60 ? `${printable.slice(0, 57)}…` : printable}"`;
}
