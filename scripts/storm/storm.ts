import type { FaultKind } from "#simulator/faults.ts";

import { compareAll } from "./compare/all.ts";
import type { Difference } from "./compare/difference.ts";
import type { Person } from "./compare/personal.ts";
import { type Happened, liveThrough } from "./days.ts";
import { type Ledger, readLedger } from "./ledger.ts";
import type { StormOptions } from "./options.ts";
import { agree, hurried, openShop, reconcile, refit, settle, untilWritten } from "./settle.ts";
import type { Stage } from "./stage.ts";
import { endFaults, startFaults } from "./faults.ts";

export type StormReport = {
  happened: Happened;
  faults: Record<FaultKind, number>;
  kills: Record<"worker" | "web" | "database", number>;
  /** Processes that ended without being killed, for example at a start while the database is down. */
  endedByThemselves: Record<string, number>;
  /** Shops by the gate's last result. */
  judged: Record<string, number>;
  compared: Record<string, number>;
  differences: Difference[];
  /** All customers of all shops. */
  people: Person[];
  /** By phase. */
  seconds: Record<string, number>;
};

/** Installs the app in all shops and runs a storm, until all work has finished. */
export async function passStorm(stage: Stage, options: StormOptions): Promise<Weathered> {
  for (const site of stage.sites) await openShop(site);
  const ledgers = await Promise.all(stage.sites.map((site) => readLedger(site)));
  await startFaults(stage, options.seed);
  return hurried(stage, async () => {
    const [happened] = await Promise.all([
      liveThrough({ stage, ledgers, options }),
      ...stage.sites.map((site) => agree(stage, site)),
    ]);
    await untilWritten(stage);
    return { ledgers, happened, faults: await endFaults(stage) };
  });
}

export type Weathered = {
  ledgers: Ledger[];
  happened: Happened;
  faults: Record<FaultKind, number>;
};

/** Runs a complete storm: the events, the time after them, and the comparison. */
export async function runStorm(stage: Stage, options: StormOptions): Promise<StormReport> {
  const seconds: Record<string, number> = {};
  const timed = async <Result>(phase: string, work: () => Promise<Result>): Promise<Result> => {
    const started = performance.now();
    const result = await work();
    seconds[phase] = Math.round((performance.now() - started) / 1000);
    return result;
  };
  const { ledgers, happened, faults } = await timed("storm", () => passStorm(stage, options));
  await timed("settling", () => settle(stage));
  await timed("reconciliation", () => reconcile(stage));
  await timed("fit", () => refit(stage));
  const people = ledgers.flatMap((ledger) => ledger.people);
  const { compared, differences } = await timed("comparison", () =>
    compareAll(stage, people, "after"),
  );
  return {
    ...{ happened, faults, compared, differences, judged: await judgements(stage) },
    kills: {
      worker: stage.workers.reduce((sum, { kills }) => sum + kills, 0),
      web: stage.web.kills,
      database: stage.database.server.kills,
    },
    endedByThemselves: Object.fromEntries(
      [stage.web, ...stage.workers, stage.database.server, stage.simulator].map(
        ({ running, endedByItself }) => [running.name, endedByItself],
      ),
    ),
    people,
    seconds,
  };
}

async function judgements({ database, sites }: Stage): Promise<Record<string, number>> {
  const rows = await database.rows<{ outcome: string; count: number }>(
    `select outcome, count(*)::int as count from (
       select distinct on (shop) outcome || coalesce(' for ' || (
           select string_agg(rule->>'code', ' and ') from jsonb_array_elements(gate) rule
            where not (rule->>'passed')::boolean), '') as outcome
         from scoring_runs where shop = any($1) and not reconstructed
        order by shop, as_of desc) latest
      group by outcome`,
    [sites.map(({ domain }) => domain)],
  );
  return { scored: 0, ...Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count])) };
}

/** The reasons why a storm failed; empty if it passed. */
export function complaintsOf(report: StormReport): string[] {
  const { faults, kills, differences, judged } = report;
  const never = Object.entries({ ...faults, ...prefixed("kill of ", kills) })
    .filter(([, times]) => times === 0)
    .map(([kind]) => `${kind} never struck: the storm says nothing about it`);
  const found = differences.map(({ shop, what, detail }) => `${shop}, ${what}: ${detail}`);
  const idle = judged.scored === 0 ? ["no shop is scored: there were no tiers to compare"] : [];
  return [...never, ...idle, ...found];
}

function prefixed(prefix: string, counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([key, value]) => [prefix + key, value]));
}
