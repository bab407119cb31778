import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

import { BadInput, quoted } from "./bad-input.ts";
import type { ColumnChoice, Exclusion } from "./input/columns.ts";
import { readDate } from "./input/days.ts";
import { Zone } from "./input/zone.ts";

/** Days; a horizon above ten years is probably a typing error. */
const LONGEST_HORIZON = 3650;

const EARLIEST = readDate("1900-01-01");
const LATEST = readDate("2199-12-31");

/** Which orders to read, and how. */
export type InputOptions = {
  /** Path, or `-`. */
  file: string;
  columns: ColumnChoice;
  exclude: Exclusion[];
  currency: string | undefined;
  zone: Zone | null;
  timezone: string | null;
};

export type ScoreOptions = InputOptions & {
  asOfDay: number | undefined;
  horizonDays: number | undefined;
  out: string | undefined;
  report: string | undefined;
  force: boolean;
};

export type BacktestOptions = InputOptions & {
  cutoffDay: number;
  horizonDays: number;
  out: string | undefined;
};

const input = {
  customer: { type: "string" },
  date: { type: "string" },
  amount: { type: "string" },
  currency: { type: "string" },
  timezone: { type: "string" },
  exclude: { type: "string", multiple: true },
  out: { type: "string" },
} as const;

export function readScoreOptions(args: readonly string[]): ScoreOptions {
  const { values, positionals } = parse(args, {
    ...input,
    "as-of": { type: "string" },
    horizon: { type: "string" },
    report: { type: "string" },
    force: { type: "boolean", default: false },
  });
  return {
    ...inputOptions(values, positionals),
    asOfDay: values["as-of"] === undefined ? undefined : day("--as-of", values["as-of"]),
    horizonDays: values.horizon === undefined ? undefined : horizon(values.horizon),
    out: values.out,
    report: values.report,
    force: values.force,
  };
}

export function readBacktestOptions(args: readonly string[]): BacktestOptions {
  const { values, positionals } = parse(args, {
    ...input,
    cutoff: { type: "string" },
    horizon: { type: "string" },
  });
  const { cutoff } = values;
  if (cutoff === undefined) throw new BadInput("--cutoff is missing: write --cutoff 2026-01-31");
  if (values.horizon === undefined) throw new BadInput("--horizon is missing: write --horizon 90");
  return {
    ...inputOptions(values, positionals),
    cutoffDay: day("--cutoff", cutoff),
    horizonDays: horizon(values.horizon),
    out: values.out,
  };
}

/** Like util.parseArgs, but throws BadInput. */
export function parse<T extends ParseArgsOptionsConfig>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new BadInput(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number of at least `least` given to a flag. */
export function wholeNumber(flag: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new BadInput(`${flag} ${quoted(text)}: write a whole number from ${least} on`);
}

/** A flag's date as days since 1970-01-01, between 1900 and 2199. */
export function day(flag: string, text: string): number {
  const value = readDate(text);
  if (value >= EARLIEST && value <= LATEST) return value;
  const why = Number.isNaN(value) ? "is not a date" : "is not a date between 1900 and 2199";
  throw new BadInput(`${flag} ${quoted(text)} ${why}: write it as 2026-01-31`);
}

/** Any number of days is allowed here; the app offers four. */
function horizon(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= LONGEST_HORIZON) return days;
  throw new BadInput(
    `--horizon ${quoted(text)}: write whole days from 1 to ${LONGEST_HORIZON}, such as 90`,
  );
}

type InputValues = Partial<
  Record<"customer" | "date" | "amount" | "currency" | "timezone", string>
> & { exclude?: string[] };

/** `COLUMN=VALUE`: the value may hold further equals signs. */
function exclusion(text: string): Exclusion {
  const [column, ...rest] = text.split("=");
  const value = rest.join("=").trim();
  if (column.trim() !== "" && value !== "") return { column: column.trim(), value };
  throw new BadInput(
    `--exclude ${quoted(text)}: write a column and a value of it, such as --exclude source=subscription`,
  );
}

function inputOptions(values: InputValues, positionals: string[]): InputOptions {
  const { customer, date, amount, currency, timezone } = values;
  if (positionals.length !== 1) {
    const found = positionals.map(quoted).join(", ") || "none";
    throw new BadInput(`one file of orders is needed (- for standard input); there is ${found}`);
  }
  return {
    file: positionals[0],
    columns: {
      ...(customer === undefined ? {} : { customer }),
      ...(date === undefined ? {} : { date }),
      ...(amount === undefined ? {} : { amount }),
    },
    exclude: (values.exclude ?? []).map(exclusion),
    currency,
    zone: timezone === undefined ? null : new Zone(timezone),
    timezone: timezone ?? null,
  };
}
