/** Position of an error in a file; lines count from 1, including the header. */
export type Place = { line: number; column?: string };

/**
 * The input or the arguments are invalid (exit 2). The message says what was found and what would
 * be right. Thrown anywhere in the parsers, and caught by `runCommand`.
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

/** A cell as quoted in a message: one line, shortened to 60 characters. */
export function quoted(text: string): string {
  const printable = text.replace(/\p{Cc}/gu, "\uFFFD");
  return `"${printable.length > 60 ? `${printable.slice(0, 57)}…` : printable}"`;
}
