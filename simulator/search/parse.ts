/** A search query of the Admin API, as `tag:vip created_at:>=2026-01-01 -test:true`. */
export type SearchNode =
  | { kind: "all" }
  | { kind: "and" | "or"; parts: SearchNode[] }
  | { kind: "not"; part: SearchNode }
  | { kind: "term"; field: string | null; comparator: Comparator; value: string };

export type Comparator = ":" | ":>" | ":>=" | ":<" | ":<=";

type Token = { kind: "open" | "close" | "and" | "or" | "not" } | { kind: "term"; text: string };

/** Words joined by a space or AND; OR has lower precedence; NOT or `-` before a word; parentheses; quotes. */
export function parseSearch(query: string): SearchNode {
  const tokens = tokenize(query);
  if (tokens.length === 0) return { kind: "all" };
  const reader = { tokens, at: 0 };
  return readOr(reader);
}

type Reader = { tokens: Token[]; at: number };

function readOr(reader: Reader): SearchNode {
  const parts = [readAnd(reader)];
  while (reader.tokens[reader.at]?.kind === "or") {
    reader.at += 1;
    parts.push(readAnd(reader));
  }
  return joined("or", parts);
}

function readAnd(reader: Reader): SearchNode {
  const parts: SearchNode[] = [];
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token === undefined || token.kind === "or" || token.kind === "close") break;
    if (token.kind === "and") reader.at += 1;
    else parts.push(readOne(reader));
  }
  return joined("and", parts);
}

function readOne(reader: Reader): SearchNode {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (token?.kind === "not") return { kind: "not", part: readOne(reader) };
  if (token?.kind === "open") {
    const inner = readOr(reader);
    if (reader.tokens[reader.at]?.kind === "close") reader.at += 1;
    return inner;
  }
  return token?.kind === "term" ? term(token.text) : { kind: "all" };
}

function joined(kind: "and" | "or", parts: SearchNode[]): SearchNode {
  const [only] = parts;
  if (only === undefined) return { kind: "all" };
  return parts.length === 1 ? only : { kind, parts };
}

const comparators = [":>=", ":<=", ":>", ":<", ":"] as const;

function term(text: string): SearchNode {
  const match = /^([A-Za-z_][\w.-]*)(:>=|:<=|:>|:<|:)(.*)$/s.exec(text);
  if (match === null) return { kind: "term", field: null, comparator: ":", value: unquoted(text) };
  const [, field = "", written, value = ""] = match;
  const comparator = comparators.find((known) => known === written) ?? ":";
  return { kind: "term", field, comparator, value: unquoted(value) };
}

function unquoted(text: string): string {
  const quote = text[0];
  if (text.length < 2 || (quote !== '"' && quote !== "'") || !text.endsWith(quote)) return text;
  return text.slice(1, -1).replace(/\\(.)/gs, "$1");
}

const word = /\s+|\(|\)|-?(?:[^\s()"']|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?)+/gsu;

function tokenize(query: string): Token[] {
  return [...query.matchAll(word)].flatMap(([text]): Token[] => {
    if (text.trim() === "") return [];
    if (text === "(") return [{ kind: "open" }];
    if (text === ")") return [{ kind: "close" }];
    if (text === "AND") return [{ kind: "and" }];
    if (text === "OR") return [{ kind: "or" }];
    if (text === "NOT") return [{ kind: "not" }];
    return text.startsWith("-") && text.length > 1
      ? [{ kind: "not" }, { kind: "term", text: text.slice(1) }]
      : [{ kind: "term", text }];
  });
}
