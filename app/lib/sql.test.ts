import { globSync, readFileSync } from "node:fs";

import ts from "typescript";
import { describe, expect, it } from "vitest";

import { heldTables } from "#app/privacy/tables.ts";

// The key of each of our tables begins with the shop. A statement without a condition on the shop
// would affect all shops; this test finds such statements in the source. It cannot see SQL composed
// at run time; tests/integration/access.test.ts tests the routes.

// The key of sessions is the library's, which contains the shop's domain.
const tables = heldTables
  .map(({ table }) => table)
  .filter((table) => table !== "sessions")
  .join("|");
const NAMES_TABLE = new RegExp(`\\b(from|join|into|update|table)\\s+(${tables})\\b`, "i");
const IS_STATEMENT = /^\s*\(?\s*(select|insert|update|delete|with|copy|merge)\b/i;
/** A comparison, a join or a list of columns that has the shop in it. */
const NAMES_SHOP = /\bshop\s*(=|in\b|<>|is\b)|=\s*(\w+\.)?shop\b|using\s*\(shop\b|\(\s*shop\b/i;

const reviewed = [
  // Metrics over all shops.
  "app/worker/gauges.server.ts",
  // Looks for due work in all shops.
  "app/privacy/enqueue-due.server.ts",
  // Goes over all shops.
  "app/writeback/after-restore.server.ts",
  // A function composes the condition, beginning with the shop.
  "app/scoring/store/current-tiers.server.ts",
  "app/scoring/views/customers-rows.server.ts",
  "app/scoring/views/customers.server.ts",
];

type Statement = { file: string; line: number; text: string };

/** SQL on our tables in a file. */
function statementsOf(file: string, source: string): Statement[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: Statement[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
      const text = node.getText(tree).slice(1, -1);
      if (IS_STATEMENT.test(text) && NAMES_TABLE.test(text)) {
        const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
        found.push({ file, line: line + 1, text });
      }
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const all = globSync("app/**/*.server.ts").flatMap((file) =>
  statementsOf(file, readFileSync(file, "utf8")),
);

const withoutShop = (statements: Statement[]) =>
  statements.filter(({ text }) => !NAMES_SHOP.test(text));

describe("the statements of the app", () => {
  it("have a condition on the shop", () => {
    expect(all.length).toBeGreaterThan(60);
    const bad = withoutShop(all).filter(({ file }) => !reviewed.includes(file));
    expect(bad).toEqual([]);
    const needed = new Set(withoutShop(all).map(({ file }) => file));
    expect(reviewed.filter((file) => !needed.has(file))).toEqual([]);
  });

  it("are found by this test without one", () => {
    const source = (sql: string) => "await pool.query(`" + sql + "`, [id]);";
    const found = (sql: string) => withoutShop(statementsOf("x.server.ts", source(sql))).length;
    expect(found("select * from scores where customer_id = $1")).toBe(1);
    expect(found("delete from privacy_reports where id = ${id}")).toBe(1);
    expect(found("update orders set customer_id = null where order_id = $1")).toBe(1);
    expect(found("select * from scores where shop = $1 and customer_id = $2")).toBe(0);
  });

  it("use the queue's tables and advisory locks only in the modules that own them", () => {
    const owners = [
      "app/lib/advisory-locks.server.ts",
      "app/queue/job-table.server.ts",
      "app/queue/one-waiting.server.ts",
      "app/queue/task-lock.server.ts",
    ];
    const naming = globSync("app/**/*.{ts,tsx}").filter(
      (file) =>
        !/\.test\.tsx?$/.test(file) &&
        /\bpgboss\.|\bpg_\w*advisory/.test(readFileSync(file, "utf8")),
    );
    expect(naming.sort()).toEqual(owners);
  });

  it("have SQL keywords in lower case", () => {
    const shouting =
      /\b(SELECT|FROM|WHERE|INSERT|UPDATE|DELETE|RETURNING|JOIN|CONFLICT|EXISTS|ORDER BY|GROUP BY|CASE|UNION|TRUNCATE)\b/;
    const sources = globSync("{app,scripts,tests}/**/*.ts");
    const found = sources.flatMap((file) =>
      statementsOf(file, readFileSync(file, "utf8")).filter(({ text }) => shouting.test(text)),
    );
    expect(found).toEqual([]);
    const shouted = 'pool.query("SELECT 1 FROM scores WHERE shop = $1");';
    expect(statementsOf("x.server.ts", shouted).some(({ text }) => shouting.test(text))).toBe(true);
  });
});
