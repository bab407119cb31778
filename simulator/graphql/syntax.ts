import { GraphQLError } from "graphql";

/** Shopify's names of tokens, by those of graphql-js. */
const tokens: readonly (readonly [RegExp, string])[] = [
  [/^<EOF>$/, "end of file"],
  [/^"\{"$/, 'LCURLY ("{")'],
  [/^"\}"$/, 'RCURLY ("}")'],
  [/^"\("$/, 'LPAREN ("(")'],
  [/^"\)"$/, 'RPAREN (")")'],
  [/^"\["$/, 'LBRACKET ("[")'],
  [/^"\]"$/, 'RBRACKET ("]")'],
  [/^":"$/, 'COLON (":")'],
  [/^"\$"$/, 'VAR_SIGN ("$")'],
  [/^Name "(.*)"$/s, "IDENTIFIER"],
  [/^Int "(.*)"$/s, "INT"],
  [/^Float "(.*)"$/s, "FLOAT"],
  [/^String "(.*)"$/s, "STRING"],
];

/** The error for a malformed document, as Shopify words it: the unexpected token and its place. */
export function syntaxError(source: string, error: GraphQLError): GraphQLError {
  const found = /(?:found|Unexpected) (.+)\.$/s.exec(error.message)?.[1] ?? "";
  const token = tokenNamed(found);
  const [at] = error.locations ?? [];
  const [line, column] = found === "<EOF>" ? lastToken(source) : [at?.line ?? 1, at?.column ?? 1];
  const reported = new GraphQLError(`syntax error, unexpected ${token} at [${line}, ${column}]`, {
    extensions: { code: "PARSE_ERROR" },
  });
  Object.defineProperty(reported, "locations", { value: [{ line, column }], enumerable: true });
  return reported;
}

/** Without the place. */
export function withoutPlace(message: string): string {
  return message.replace(/ at \[\d+, \d+\]$/, "");
}

function tokenNamed(found: string): string {
  for (const [pattern, name] of tokens) {
    const match = pattern.exec(found);
    if (match === null) continue;
    return match[1] === undefined ? name : `${name} (${JSON.stringify(match[1])})`;
  }
  return found === "" ? "token" : found;
}

/** Line and column of the last word, where Shopify reports the end of a truncated document. */
function lastToken(source: string): [line: number, column: number] {
  const index = [...source.matchAll(/[A-Za-z_]\w*|[^\s\w]|\d+/g)].at(-1)?.index ?? 0;
  const before = source.slice(0, index).split("\n");
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}
