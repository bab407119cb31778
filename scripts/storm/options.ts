import { parseArgs } from "node:util";

export type StormOptions = {
  /** Simulated days of orders, faults and kills. */
  days: number;
  shops: number;
  /** In each shop at the start. */
  customers: number;
  /** Events per shop and day. */
  eventsPerDay: number;
  /** Real time per simulated day. */
  secondsPerDay: number;
  seed: number;
  /** Folder of logs and the database; emptied first. */
  directory: string;
};

/** Defaults of the storm that is run by hand; the one among the tests is smaller. */
const usual: StormOptions = {
  days: 30,
  shops: 5,
  customers: 1500,
  eventsPerDay: 30,
  secondsPerDay: 12,
  seed: 1,
  directory: ".data/storm",
};

const flags = {
  days: { type: "string" },
  shops: { type: "string" },
  customers: { type: "string" },
  "events-per-day": { type: "string" },
  "seconds-per-day": { type: "string" },
  seed: { type: "string" },
} as const;

/** @throws RangeError or TypeError with the invalid flag */
export function readStormOptions(argv: readonly string[]): StormOptions {
  const { values } = parseArgs({ args: [...argv], options: flags, strict: true });
  const number = (flag: keyof typeof flags, otherwise: number, least = 1): number => {
    const text = values[flag];
    const value = text === undefined ? otherwise : Number(text);
    if (Number.isFinite(value) && value >= least) return value;
    throw new RangeError(`--${flag} ${String(text)}: a number, ${least} or more`);
  };
  return {
    days: number("days", usual.days),
    shops: number("shops", usual.shops),
    customers: number("customers", usual.customers),
    eventsPerDay: number("events-per-day", usual.eventsPerDay),
    secondsPerDay: number("seconds-per-day", usual.secondsPerDay, 0),
    seed: number("seed", usual.seed, 0),
    directory: usual.directory,
  };
}
