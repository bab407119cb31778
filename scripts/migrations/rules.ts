// What a migration may do while processes of the previous version are running. See docs/operations.md: first
// expand; contract when no process of the previous version is left.

/** Tables with about a row per shop, on which an index or an update takes no time. */
const small = new Set([
  "sessions",
  "shops",
  "order_imports",
  "scoring_runs",
  "target_segments",
  "progress",
  "parked_jobs",
  "write_batches",
]);

/** The comment that states since when no running version uses what is removed. */
const CONTRACT = /^--[ \t]*contract:[ \t]*\S.{10,}$/im;

const removals: [RegExp, string][] = [
  [/\bdrop\s+(table|column|schema|type|view|function|sequence)\b/i, "removes something in use"],
  [/\brename\b/i, "renames something in use: add the new one, write both, drop the old one later"],
  [/\btruncate\b/i, "empties a table"],
];

const forbidden: [RegExp, string][] = [
  [/\bset\s+not\s+null\b/i, "breaks old processes that write null, and scans the whole table"],
  [
    /\balter\s+(column\s+)?\S+\s+(set\s+data\s+)?type\b/i,
    "rewrites the table under an exclusive lock",
  ],
  [/\b(cluster|vacuum\s+full|lock\s+table|reindex)\b/i, "holds an exclusive lock"],
  [/\badd\s+column\b.*\bgenerated\s+always\s+as\b/is, "rewrites the table under an exclusive lock"],
  [
    /\badd\s+column\b[^,]*\b(default\s+(gen_random_uuid|random|clock_timestamp|nextval)\s*\(|serial\b|bigserial\b)/is,
    "rewrites the table, with a different default for each row",
  ],
];

/**
 * Finds what must not be done while old processes are running.
 *
 * @returns a sentence for each problem, with the statement; empty if the migration is safe
 */
export function dangersOf(sql: string): string[] {
  const statements = statementsOf(sql);
  const made = new Set(statements.flatMap((one) => nameAfter(/create\s+table/i, one) ?? []));
  const contracts = CONTRACT.test(sql);
  return statements.flatMap((statement) => {
    const found = [...forbidden, ...(contracts ? [] : removals)].flatMap(([pattern, why]) =>
      pattern.test(statement) ? [why] : [],
    );
    found.push(...columnDangers(statement));
    found.push(...largeTableDangers(statement, made));
    const concurrently = /\bindex\s+concurrently\b/i.test(statement);
    if (concurrently && (statements.length > 1 || !/\bif\s+not\s+exists\b/i.test(statement))) {
      found.push("must be the migration's only statement, and say if not exists");
    }
    return found.map((why) => `${statement.replaceAll(/\s+/g, " ").slice(0, 100)}: ${why}`);
  });
}

function columnDangers(statement: string): string[] {
  if (!/^alter\s+table/i.test(statement)) return [];
  const added = statement.split(/\badd\s+column\b/i).slice(1);
  return added.some((column) => /\bnot\s+null\b/i.test(column) && !/\bdefault\b/i.test(column))
    ? ["adds a required column, which old processes do not write: give it a default"]
    : [];
}

function largeTableDangers(statement: string, made: Set<string>): string[] {
  const large = (pattern: RegExp) => {
    const name = nameAfter(pattern, statement);
    return name !== undefined && !small.has(name) && !made.has(name);
  };
  const dangers: string[] = [];
  if (/^create\s+(unique\s+)?index\b(?!\s+concurrently)/i.test(statement) && large(/\bon/i)) {
    dangers.push("blocks writers while it creates an index: create it concurrently");
  }
  const constraint = /\badd\s+(constraint\s+\S+\s+)?(check|foreign\s+key|unique|primary\s+key)\b/i;
  if (
    constraint.test(statement) &&
    !/\bnot\s+valid\b/i.test(statement) &&
    large(/alter\s+table/i)
  ) {
    dangers.push("scans the whole table under a lock: add the constraint not valid");
  }
  if (large(/^update/i) || large(/^delete\s+from/i)) {
    dangers.push("locks rows until it ends: fill them in batches, from a task");
  }
  return dangers;
}

function nameAfter(pattern: RegExp, statement: string): string | undefined {
  const name = String.raw`\s+(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?(?:"?public"?\.)?"?(\w+)"?`;
  return new RegExp(pattern.source + name, "i").exec(statement)?.[1];
}

/** Without comments and string literals; a function's body is not split. */
function statementsOf(sql: string): string[] {
  const plain = sql
    .replaceAll(/--[^\n]*/g, "")
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/\$(\w*)\$.*?\$\1\$/gs, "''")
    .replaceAll(/'(?:[^']|'')*'/g, "''");
  return plain.split(";").flatMap((statement) => statement.trim() || []);
}
