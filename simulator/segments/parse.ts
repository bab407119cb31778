import { attributeType, isEvent, metafieldReference, type ValueType } from "./attributes.ts";
import {
  checkClause,
  checkEvent,
  errorAt,
  type Read,
  type ReadParameter,
  unexpected,
} from "./check.ts";
import { readLiteral } from "./literals.ts";
import {
  type Comparison,
  describeError,
  type Literal,
  type ParsedQuery,
  type QueryError,
  type SegmentQuery,
} from "./query.ts";
import { readTokens, type Token } from "./tokens.ts";

/** Documented: a segment has ten clauses at most. */
const mostClauses = 10;
const comparisons = ["=", "!=", ">", ">=", "<", "<="] as const satisfies Comparison[];
const any: ValueType = { kind: "any" };

/** The type of a metafield filter; null if the shop has no filterable metafield of that name. */
export type MetafieldTypes = (namespace: string, key: string) => ValueType | null;

/**
 * Parses a query. Keywords are accepted in any case. Parsing stops at the first syntax error, as in Shopify;
 * unknown filters are reported after it. Without `metafieldTypes` any metafield is accepted.
 *
 * Recorded: both messages (`… is unexpected.`, `… filter cannot be found.`), their order, columns from 0, and
 * that a leading NOT is parsed. Not recorded, so ours: a value that does not fit its filter is reported as
 * unexpected, and so is, in the end, a leading NOT, which the language does not document.
 */
export function parseSegmentQuery(text: string, metafieldTypes?: MetafieldTypes): ParsedQuery {
  const parser = new Parser(readTokens(text), metafieldTypes ?? (() => any));
  const outcome = parser.read();
  const [first, ...rest] = [...("query" in outcome ? [] : [outcome]), ...parser.findings];
  if (first !== undefined) {
    return { kind: "error", message: describeError(first), errors: [first, ...rest] };
  }
  if ("query" in outcome) return { kind: "query", ast: outcome.query };
  throw new Error("A query was neither parsed nor refused");
}

/** Ends parsing; never leaves this file. */
class OutOfPlace extends Error {
  constructor(readonly token: Token) {
    super(token.text);
  }
}

class Parser {
  /** Semantic errors of the parsed part. */
  readonly findings: QueryError[] = [];
  readonly #tokens: Token[];
  readonly #metafieldTypes: MetafieldTypes;
  #at = 0;
  #clauses = 0;

  constructor(tokens: Token[], metafieldTypes: MetafieldTypes) {
    this.#tokens = tokens;
    this.#metafieldTypes = metafieldTypes;
  }

  read(): { query: SegmentQuery } | QueryError {
    try {
      const query = this.#alternatives();
      const rest = this.#next();
      if (rest.kind !== "end") throw new OutOfPlace(rest);
      return { query };
    } catch (error) {
      if (error instanceof OutOfPlace) return unexpected(error.token);
      throw error;
    }
  }

  #alternatives(): SegmentQuery {
    const parts = [this.#conjunction()];
    while (this.#take("OR")) parts.push(this.#conjunction());
    return joined("or", parts);
  }

  #conjunction(): SegmentQuery {
    const parts = [this.#operand()];
    while (this.#take("AND")) parts.push(this.#operand());
    return joined("and", parts);
  }

  #operand(): SegmentQuery {
    const first = this.#peek();
    if (this.#take("NOT")) {
      const operand = this.#operand();
      this.findings.push(unexpected(first));
      return operand;
    }
    if (this.#take("(")) {
      const inner = this.#alternatives();
      this.#expect(")");
      return inner;
    }
    return this.#clause();
  }

  #clause(): SegmentQuery {
    const name = this.#word();
    const type = this.#typeOf(name);
    this.#clauses += 1;
    if (this.#clauses > mostClauses) {
      this.findings.push(errorAt(name, `A segment has at most ${mostClauses} filters.`));
    }
    if (type === null && !isEvent(name.text)) {
      this.findings.push(errorAt(name, `'${name.text}' filter cannot be found.`));
    }
    const operator = this.#peek();
    const negated = this.#take("NOT");
    if (this.#take("MATCHES")) {
      const parameters = this.#parameters();
      if (type !== null) this.findings.push(unexpected(operator));
      else this.findings.push(...checkEvent(name.text, parameters));
      const plain = parameters.map((one) => ({ name: one.name.text, condition: one.condition }));
      return { kind: "event", event: name.text, negated, parameters: plain };
    }
    const read = this.#condition(negated);
    if (isEvent(name.text)) return this.#existence(name, read);
    if (type !== null) this.findings.push(...checkClause(type, read));
    return { kind: "clause", attribute: name.text, condition: read.condition };
  }

  /** `orders_placed IS NULL`: besides MATCHES, the only test of an event is whether it happened. */
  #existence(name: Token, { condition, operator }: Read): SegmentQuery {
    const isNull = condition.kind === "null" && !condition.negated;
    if (condition.kind !== "null") this.findings.push(unexpected(operator));
    return { kind: "event", event: name.text, negated: isNull, parameters: [] };
  }

  #typeOf(name: Token): ValueType | null {
    if (name.text === "anniversary") {
      this.#expect("(");
      const of = this.#next();
      if (of.kind !== "string") throw new OutOfPlace(of);
      this.#expect(")");
      return { kind: "date" };
    }
    const metafield = metafieldReference(name.text);
    if (metafield === null) return attributeType(name.text);
    return this.#metafieldTypes(metafield.namespace, metafield.key);
  }

  #parameters(): ReadParameter[] {
    this.#expect("(");
    const parameters: ReadParameter[] = [];
    if (this.#take(")")) return parameters;
    do {
      const name = this.#word();
      parameters.push({ name, ...this.#condition(false) });
    } while (this.#take(","));
    this.#expect(")");
    return parameters;
  }

  /** `negated`: a NOT was just parsed, which only CONTAINS can follow here. */
  #condition(negated: boolean): Read {
    const operator = this.#next();
    const keyword = operator.kind === "word" ? operator.text.toUpperCase() : operator.text;
    if (keyword === "CONTAINS") {
      const { value, token } = this.#literal();
      return { condition: { kind: "contains", negated, value }, operator, values: [token] };
    }
    const comparison = comparisons.find((one) => one === keyword);
    if (negated) throw new OutOfPlace(operator);
    if (keyword === "IS") {
      const not = this.#take("NOT");
      const truth = not ? undefined : this.#truth();
      if (truth !== undefined) return { ...truth, operator };
      this.#expect("NULL");
      return { condition: { kind: "null", negated: not }, operator, values: [] };
    }
    if (keyword === "BETWEEN") {
      const from = this.#literal();
      this.#expect("AND");
      const to = this.#literal();
      const condition = { kind: "between" as const, from: from.value, to: to.value };
      return { condition, operator, values: [from.token, to.token] };
    }
    if (comparison === undefined) throw new OutOfPlace(operator);
    const { value, token } = this.#literal();
    return {
      condition: { kind: "compare", operator: comparison, value },
      operator,
      values: [token],
    };
  }

  /** `IS TRUE` and `IS FALSE` of a boolean, which can also be compared with `=`. */
  #truth(): Omit<Read, "operator"> | undefined {
    const token = this.#peek();
    const value = ["TRUE", "FALSE"].find((word) => isThis(token, word));
    if (value === undefined) return undefined;
    this.#at += 1;
    const literal: Literal = { kind: "boolean", value: value === "TRUE" };
    return { condition: { kind: "compare", operator: "=", value: literal }, values: [token] };
  }

  #literal(): { value: Literal; token: Token } {
    const token = this.#next();
    const value = readLiteral(token);
    if (value === null) throw new OutOfPlace(token);
    return { value, token };
  }

  #word(): Token {
    const token = this.#next();
    if (token.kind !== "word" || reserved.has(token.text.toUpperCase()))
      throw new OutOfPlace(token);
    return token;
  }

  /** Advances if the next token is this keyword or symbol. */
  #take(text: string): boolean {
    if (!isThis(this.#peek(), text)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    const token = this.#next();
    if (!isThis(token, text)) throw new OutOfPlace(token);
  }

  #peek(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error("A list of tokens ends with one of kind end");
    return token;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }
}

const reserved = new Set(["AND", "OR", "NOT", "IS", "NULL", "BETWEEN", "CONTAINS", "MATCHES"]);

function isThis({ kind, text }: Token, wanted: string): boolean {
  return kind === "word"
    ? text.toUpperCase() === wanted
    : kind === "punctuation" && text === wanted;
}

function joined(kind: "and" | "or", parts: SegmentQuery[]): SegmentQuery {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind, parts };
}
