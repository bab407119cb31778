/**
 * The parts of a segment query, as Shopify's segment query language (the WHERE part of ShopifyQL) has them:
 * clauses joined by AND and OR.
 */
export type Comparison = "=" | "!=" | ">" | ">=" | "<" | "<=";

export type DateLiteral =
  /** `2026-01-31`, or a time of that day. */
  | { kind: "date"; year: number; month: number; day: number; secondOfDay: number | null }
  /** Days, weeks, months or years from today; negative in the past. `today` is named, with zero days. */
  | { kind: "offset"; amount: number; unit: "d" | "w" | "m" | "y"; named: boolean };

export type Literal =
  | { kind: "string"; value: string }
  | { kind: "number"; value: number }
  | { kind: "boolean"; value: boolean }
  | DateLiteral;

export type Condition =
  | { kind: "compare"; operator: Comparison; value: Literal }
  | { kind: "between"; from: Literal; to: Literal }
  | { kind: "contains"; negated: boolean; value: Literal }
  | { kind: "null"; negated: boolean };

export type Clause = { kind: "clause"; attribute: string; condition: Condition };

export type Parameter = { name: string; condition: Condition };

/** `orders_placed MATCHES (date >= -30d)`: something the customer did, or did not do. */
export type EventClause = {
  kind: "event";
  event: string;
  negated: boolean;
  parameters: Parameter[];
};

export type Joined = { kind: "and" | "or"; parts: SegmentQuery[] };

export type SegmentQuery = Clause | EventClause | Joined;

/** Lines count from 1 and columns from 0, as in Shopify's messages. */
export type QueryError = { line: number; column: number; message: string };

/** `message` is the first error, with its place. */
export type ParsedQuery =
  | { kind: "query"; ast: SegmentQuery }
  | { kind: "error"; message: string; errors: [QueryError, ...QueryError[]] };

/** `Line 1 Column 6: 'valid' is unexpected.` */
export function describeError({ line, column, message }: QueryError): string {
  return `Line ${String(line)} Column ${String(column)}: ${message}`;
}
