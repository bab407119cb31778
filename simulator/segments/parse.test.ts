import fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { ValueType } from "./attributes.ts";
import { parseSegmentQuery } from "./parse.ts";
import { type Condition, describeError, type Literal, type SegmentQuery } from "./query.ts";

const errorsOf = (text: string, types?: (namespace: string, key: string) => ValueType | null) => {
  const parsed = parseSegmentQuery(text, types);
  return parsed.kind === "query" ? [] : parsed.errors.map(describeError);
};
const astOf = (text: string): SegmentQuery => {
  const parsed = parseSegmentQuery(text);
  if (parsed.kind === "error") throw new Error(parsed.message);
  return parsed.ast;
};
const clause = (attribute: string, condition: Condition): SegmentQuery => ({
  kind: "clause",
  attribute,
  condition,
});

describe("the parser of segment queries", () => {
  it("returns the recorded messages, the unexpected word before the unknown filter", () => {
    expect(errorsOf("not a valid segment query ???")).toEqual([
      "Line 1 Column 6: 'valid' is unexpected.",
      "Line 1 Column 4: 'a' filter cannot be found.",
    ]);
    expect(errorsOf("not another valid segment query ???")).toEqual([
      "Line 1 Column 12: 'valid' is unexpected.",
      "Line 1 Column 4: 'another' filter cannot be found.",
    ]);
  });

  it("gives AND precedence over OR, and parentheses over both", () => {
    const [a, b, c] = ["a", "b", "c"].map((tag) => `customer_tags CONTAINS '${tag}'`);
    const [astA, astB, astC] = [a, b, c].map((text) => astOf(text ?? ""));
    expect(astOf(`${a} OR ${b} AND ${c}`)).toEqual({
      kind: "or",
      parts: [astA, { kind: "and", parts: [astB, astC] }],
    });
    expect(astOf(`(${a} OR ${b}) AND ${c}`)).toEqual({
      kind: "and",
      parts: [{ kind: "or", parts: [astA, astB] }, astC],
    });
  });

  it("parses BETWEEN before the AND that joins clauses", () => {
    expect(astOf("amount_spent BETWEEN 1 AND 999.99 AND number_of_orders > 2")).toMatchObject({
      kind: "and",
      parts: [
        { condition: { kind: "between", from: { value: 1 }, to: { value: 999.99 } } },
        { condition: { kind: "compare", operator: ">", value: { value: 2 } } },
      ],
    });
  });

  it("parses dates, times, offsets and named days", () => {
    const dateOf = (text: string) => {
      const ast = astOf(`last_order_date >= ${text}`);
      return ast.kind === "clause" && ast.condition.kind === "compare" ? ast.condition.value : null;
    };
    const day = { kind: "date", year: 2026, month: 2, day: 28 };
    expect(dateOf("2026-02-28")).toEqual({ ...day, secondOfDay: null });
    expect(dateOf("2026-02-28T16:00:01")).toEqual({ ...day, secondOfDay: 57_601 });
    expect(dateOf("-30d")).toEqual({ kind: "offset", amount: -30, unit: "d", named: false });
    expect(dateOf("+1y")).toEqual({ kind: "offset", amount: 1, unit: "y", named: false });
    expect(dateOf("yesterday")).toEqual({ kind: "offset", amount: -1, unit: "d", named: true });
    expect(dateOf("12_months_ago")).toEqual({
      kind: "offset",
      amount: -12,
      unit: "m",
      named: true,
    });
  });

  it("unescapes quotes in strings", () => {
    expect(astOf(String.raw`customer_tags CONTAINS 'it\'s \\ here'`)).toMatchObject({
      condition: { value: { kind: "string", value: String.raw`it's \ here` } },
    });
  });

  it("accepts keywords in any case, and any line breaks and spaces", () => {
    expect(astOf("customer_tags\n  not contains\t'x'")).toEqual(
      astOf("customer_tags NOT CONTAINS 'x'"),
    );
    expect(errorsOf("number_of_orders > 1\n  AND foo = 2")).toEqual([
      "Line 2 Column 6: 'foo' filter cannot be found.",
    ]);
  });

  it("parses an event, and counts it as one clause", () => {
    expect(
      astOf("orders_placed NOT MATCHES (date >= -90d, amount > 50, count >= 2)"),
    ).toMatchObject({
      kind: "event",
      event: "orders_placed",
      negated: true,
      parameters: [{ name: "date" }, { name: "amount" }, { name: "count" }],
    });
    expect(astOf("orders_placed MATCHES ()")).toMatchObject({ negated: false, parameters: [] });
    expect(astOf("orders_placed IS NULL")).toMatchObject({ negated: true, parameters: [] });
    expect(astOf("storefront_event.product_viewed MATCHES (id = 1)")).toMatchObject({
      kind: "event",
    });
    expect(astOf("anniversary('metafields.facts.birth_date') = today")).toMatchObject({
      attribute: "anniversary",
    });
  });

  it.each([
    ["customer_tags CONTAINS 'open", "Line 1 Column 23: ''open' is unexpected."],
    ["customer_tags CONTAINS", "Line 1 Column 22: '<EOF>' is unexpected."],
    ["customer_tags = 'x'", "Line 1 Column 14: '=' is unexpected."],
    ["number_of_orders CONTAINS 1", "Line 1 Column 17: 'CONTAINS' is unexpected."],
    ["number_of_orders >= '1'", "Line 1 Column 20: ''1'' is unexpected."],
    ["last_order_date > 30", "Line 1 Column 18: '30' is unexpected."],
    ["last_order_date = 2026-02-30", "Line 1 Column 18: '2026-02-30' is unexpected."],
    ["email_subscription_status = 'subscribed'", "Line 1 Column 28: ''subscribed'' is unexpected."],
    ["email_subscription_status > 'SUBSCRIBED'", "Line 1 Column 26: '>' is unexpected."],
    ["(number_of_orders > 1", "Line 1 Column 21: '<EOF>' is unexpected."],
    ["number_of_orders > 1)", "Line 1 Column 20: ')' is unexpected."],
    ["number_of_orders MATCHES (date = today)", "Line 1 Column 17: 'MATCHES' is unexpected."],
    ["orders_placed MATCHES (colour = 1)", "Line 1 Column 23: 'colour' is unexpected."],
    ["orders_placed MATCHES (count > 1, count < 5)", "Line 1 Column 34: 'count' is unexpected."],
    ["metafields.$app.tier = 'x'", "Line 1 Column 10: '.' is unexpected."],
    ["constructor = 1", "Line 1 Column 0: 'constructor' filter cannot be found."],
    ["NOT number_of_orders > 1", "Line 1 Column 0: 'NOT' is unexpected."],
    ["", "Line 1 Column 0: '<EOF>' is unexpected."],
  ])("refuses %s", (text, message) => {
    expect(errorsOf(text)[0]).toBe(message);
  });

  it("accepts ten clauses and refuses eleven", () => {
    const clauses = (count: number) =>
      Array.from({ length: count }, (_, at) => `customer_tags CONTAINS 't${String(at)}'`).join(
        " OR ",
      );
    expect(errorsOf(clauses(10))).toEqual([]);
    expect(errorsOf(clauses(11))).toHaveLength(1);
  });

  it("looks up the type of a metafield in the shop, also for the namespace of an app", () => {
    const asked: string[] = [];
    const types = (namespace: string, key: string): ValueType | null => {
      asked.push(`${namespace}/${key}`);
      return key === "tier" ? { kind: "string" } : key === "spend" ? { kind: "number" } : null;
    };
    expect(errorsOf("metafields.app--347082227713--clv.tier = 'high'", types)).toEqual([]);
    expect(errorsOf("metafields.encore.spend >= 12.5", types)).toEqual([]);
    expect(errorsOf("metafields.encore.spend = 'high'", types)).toHaveLength(1);
    expect(errorsOf("metafields.encore.gone IS NULL", types)).toEqual([
      "Line 1 Column 0: 'metafields.encore.gone' filter cannot be found.",
    ]);
    expect(asked[0]).toBe("app--347082227713--clv/tier");
  });
});

const text = fc.string({ unit: fc.constantFrom("a", "B", "'", "\\", " ", "é", ":", "(") });
const literals = {
  string: text.map((value): Literal => ({ kind: "string", value })),
  number: fc
    .tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 0, max: 99 }))
    .map(([whole, part]): Literal => ({ kind: "number", value: Number(`${whole}.${part}`) })),
  date: fc.oneof(
    fc.record({
      kind: fc.constant("date" as const),
      year: fc.integer({ min: 1990, max: 2040 }),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
      secondOfDay: fc.option(fc.integer({ min: 0, max: 86_399 })),
    }),
    fc.record({
      kind: fc.constant("offset" as const),
      amount: fc.integer({ min: -900, max: 900 }).map((amount) => amount + 0),
      unit: fc.constantFrom("d" as const, "w", "m", "y"),
      named: fc.constant(false),
    }),
  ),
};
const nulls = fc.boolean().map((negated): Condition => ({ kind: "null", negated }));
const ordered = (value: fc.Arbitrary<Literal>): fc.Arbitrary<Condition> =>
  fc.oneof(
    nulls,
    fc.record({
      kind: fc.constant("compare" as const),
      operator: fc.constantFrom("=" as const, "!=", ">", ">=", "<", "<="),
      value,
    }),
    fc.record({ kind: fc.constant("between" as const), from: value, to: value }),
  );
const contains = fc.record({
  kind: fc.constant("contains" as const),
  negated: fc.boolean(),
  value: literals.string,
});
const clauses: fc.Arbitrary<SegmentQuery> = fc.oneof(
  ordered(literals.number).map((condition) => clause("amount_spent", condition)),
  ordered(literals.date).map((condition) => clause("last_order_date", condition)),
  contains.map((condition) => clause("customer_tags", condition)),
  fc.record({
    kind: fc.constant("event" as const),
    event: fc.constant("orders_placed"),
    negated: fc.boolean(),
    parameters: fc.uniqueArray(
      fc.oneof(
        fc.record({ name: fc.constant("date"), condition: ordered(literals.date) }),
        fc.record({ name: fc.constant("count"), condition: ordered(literals.number) }),
      ),
      { selector: (parameter) => parameter.name },
    ),
  }),
);
const queries: fc.Arbitrary<SegmentQuery> = fc.oneof(
  clauses,
  fc
    .array(clauses, { minLength: 2, maxLength: 3 })
    .map((parts) => ({ kind: "and" as const, parts })),
  fc
    .array(
      fc.oneof(
        clauses,
        fc
          .array(clauses, { minLength: 2, maxLength: 3 })
          .map((parts) => ({ kind: "and" as const, parts })),
      ),
      { minLength: 2, maxLength: 3 },
    )
    .map((parts) => ({ kind: "or" as const, parts })),
);

const two = (value: number) => String(value).padStart(2, "0");

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case "string":
      return `'${literal.value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
    case "offset":
      return `${literal.amount < 0 ? "" : "+"}${String(literal.amount)}${literal.unit}`;
    case "date": {
      const { year, month, day, secondOfDay: second } = literal;
      const date = `${String(year)}-${two(month)}-${two(day)}`;
      if (second === null) return date;
      const hour = Math.floor(second / 3600);
      return `${date}T${two(hour)}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
    }
    default:
      return String(literal.value);
  }
}

function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case "null":
      return condition.negated ? "IS NOT NULL" : "IS NULL";
    case "between":
      return `BETWEEN ${printLiteral(condition.from)} AND ${printLiteral(condition.to)}`;
    case "contains":
      return `${condition.negated ? "NOT " : ""}CONTAINS ${printLiteral(condition.value)}`;
    case "compare":
      return `${condition.operator} ${printLiteral(condition.value)}`;
  }
}

function print(query: SegmentQuery): string {
  switch (query.kind) {
    case "clause":
      return `${query.attribute} ${printCondition(query.condition)}`;
    case "event": {
      const inner = query.parameters.map((one) => `${one.name} ${printCondition(one.condition)}`);
      return `${query.event} ${query.negated ? "NOT " : ""}MATCHES (${inner.join(", ")})`;
    }
    case "and":
      return query.parts.map(print).join(" AND ");
    case "or":
      return query.parts.map(print).join(" OR ");
  }
}

describe("any query", () => {
  it("is parsed back to the same query when printed", () => {
    fc.assert(
      fc.property(queries, (query) => {
        expect(astOf(print(query))).toEqual(query);
      }),
    );
  });

  it("means the same in more parentheses and wider spaces", () => {
    fc.assert(
      fc.property(clauses, clauses, (one, other) => {
        const plain = `${print(one)} AND ${print(other)}`;
        const wide = ` ( (${print(one)})\n AND\t( ${print(other)} ) ) `;
        expect(astOf(wide)).toEqual(astOf(plain));
      }),
    );
  });

  it("is either parsed or refused at a position inside it, whatever the text", () => {
    const words = fc.constantFrom(
      ...["customer_tags", "CONTAINS", "NOT", "'x'", "AND", "(", ")", "orders_placed", "MATCHES"],
      ...["-30d", "1", ">=", ",", "IS", "NULL", "foo.bar", "\n", "'", "$", "BETWEEN"],
    );
    const sentences = fc.array(words).map((parts) => parts.join(" "));
    fc.assert(
      fc.property(fc.oneof(fc.string(), sentences), (source) => {
        const parsed = parseSegmentQuery(source);
        if (parsed.kind === "query") return;
        for (const { line, column } of parsed.errors) {
          expect(source.split("\n")[line - 1]?.length).toBeGreaterThanOrEqual(column);
        }
      }),
    );
  });
});
