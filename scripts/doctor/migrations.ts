import { readMigrations } from "../migrate.ts";
import type { Read } from "./database.ts";
import { type Finding, listed, ok, warn, wrong } from "./finding.ts";

const ABOUT = "Migrations";

type Row = { name: string; checksum: string; finished: boolean };

/** Whether every migration of this version has been applied completely and unchanged. */
export async function checkMigrations(read: Read): Promise<Finding> {
  const wanted = readMigrations();
  const applied = await ledger(read);
  const known = new Map(applied.map((row) => [row.name, row]));
  const missing = wanted.filter(({ name }) => !known.has(name));
  const halfWay = wanted.filter(({ name }) => known.get(name)?.finished === false);
  const edited = wanted.filter(({ name, checksum }) => {
    const before = known.get(name);
    return before !== undefined && before.checksum !== checksum;
  });
  if (halfWay.length > 0) {
    const todo = "find out why it failed, then resolve it: npx prisma migrate resolve";
    return wrong(ABOUT, { found: `${names(halfWay)} stopped half way`, todo });
  }
  if (edited.length > 0) {
    const todo = "use the files of the deployed version";
    return wrong(ABOUT, { found: `${names(edited)}: not what was applied`, todo });
  }
  if (missing.length > 0) {
    const found = `${missing.length} of ${wanted.length} are not applied: ${names(missing)}`;
    return wrong(ABOUT, { found, todo: "npm run migrate" });
  }
  const unknown = applied.filter(({ name }) => !wanted.some((one) => one.name === name));
  if (unknown.length > 0) {
    const found = `the database has ${names(unknown)}, which this version does not know`;
    return warn(ABOUT, { found, todo: "a newer version has run: deploy that one" });
  }
  return ok(ABOUT, `all ${wanted.length} are applied`);
}

async function ledger(read: Read): Promise<Row[]> {
  const [there] = await read<{ yes: boolean }>(
    "select to_regclass('_prisma_migrations') is not null as yes",
  );
  if (there?.yes !== true) return [];
  return read<Row>(
    `select migration_name as name, checksum, finished_at is not null as finished
       from _prisma_migrations where rolled_back_at is null`,
  );
}

const MOST_NAMED = 3;

function names(of: readonly { name: string }[]): string {
  const all = of.map(({ name }) => name);
  if (all.length <= MOST_NAMED) return listed(all);
  return `${all.slice(0, MOST_NAMED).join(", ")} and ${all.length - MOST_NAMED} more`;
}
