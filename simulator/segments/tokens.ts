/** A token of a query. `invalid` is an unknown character or an unterminated string. */
export type TokenKind =
  "word" | "string" | "number" | "date" | "offset" | "operator" | "punctuation" | "invalid" | "end";

export type Token = { kind: TokenKind; text: string; line: number; column: number };

/** Longest match first: a date before a number, an offset before a negative number. */
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ["word", /(?:7_days_ago|30_days_ago|90_days_ago|12_months_ago)\b/y],
  ["word", /[A-Za-z_][\w-]*(?:\.[\w-]+)*/y],
  ["date", /\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2})?(?![\w-])/y],
  ["offset", /[+-]\d+[dwmy]\b/y],
  ["number", /-?\d+(?:\.\d+)?/y],
  ["string", /'(?:\\.|[^'\\])*'/y],
  ["operator", /!=|>=|<=|[=<>]/y],
  ["punctuation", /[(),]/y],
];

export const endText = "<EOF>";

/** Never fails: unknown text becomes an `invalid` token, which the parser refuses. Ends with `end`. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const space = /\s*/y;
  let at = 0;
  for (;;) {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: "end", text: endText, ...positionOf(text, text.length) }];
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0], ...positionOf(text, at) };
  }
  // An unterminated string includes the rest; any other unknown character is a token of its own.
  const rest = text[at] === "'" ? text.slice(at) : String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { kind: "invalid", text: rest, ...positionOf(text, at) };
}

function positionOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: before.at(-1)?.length ?? 0 };
}
