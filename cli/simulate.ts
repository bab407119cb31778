import { simulateStore, type Simulation, type SimulationOptions } from "#engine";

import { BadInput, quoted } from "./bad-input.ts";
import { writeDay } from "./input/days.ts";
import { day, parse, wholeNumber } from "./options.ts";
import { checkFiles, type Output } from "./output/target.ts";
import { writeText } from "./output/write.ts";
import { Progress, type Terminal } from "./terminal.ts";

const acquisitions = ["steady", "growing", "cohort"] as const;
const monthNames = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const PIECE = 1 << 18;

/**
 * The true parameters of a customer, as columns beside each of its orders or in a separate file.
 */
const truthNames = ["true_rate_per_day", "true_dropout", "true_mean_spend", "true_last_alive"];

/** `encore simulate`; returns the exit code. Throws BadInput. */
export async function simulate(args: readonly string[], terminal: Terminal): Promise<number> {
  const { simulation: options, out, truth } = readOptions(args);
  const outputs: Output[] = [{ flag: "--out", file: out }];
  if (truth !== undefined) outputs.push({ flag: "--truth", file: truth });
  checkFiles({ outputs }, terminal);
  const progress = new Progress(terminal);
  try {
    progress.tell("Simulating");
    const store = simulateStore(options);
    const { stdout } = terminal;
    await writeText(orderPieces(store, truth === undefined), { file: out, stdout });
    if (truth !== undefined) await writeText(truthPieces(store), { file: truth, stdout });
    return 0;
  } finally {
    progress.end();
  }
}

function readOptions(args: readonly string[]) {
  const { values, positionals } = parse(args, {
    customers: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    start: { type: "string", default: "2024-01-01" },
    end: { type: "string", default: "2026-01-01" },
    acquisition: { type: "string", default: "steady" },
    likelihood: { type: "string" },
    spend: { type: "string" },
    season: { type: "string" },
    out: { type: "string" },
    truth: { type: "string" },
  });
  if (positionals.length > 0) throw new BadInput(`${quoted(positionals[0])} is not an option`);
  const acquisition = acquisitions.find((known) => known === values.acquisition);
  if (!acquisition) {
    const known = acquisitions.join(", ");
    throw new BadInput(`--acquisition ${quoted(values.acquisition)}: write one of ${known}`);
  }
  const startDay = day("--start", values.start);
  const endDay = day("--end", values.end);
  if (endDay <= startDay) throw new BadInput("--end must be after --start");
  const simulation: SimulationOptions = {
    seed: wholeNumber("--seed", values.seed, 0),
    customers: wholeNumber("--customers", values.customers, 1),
    startDay,
    endDay,
    acquisition,
  };
  if (values.likelihood !== undefined) {
    const [r, alpha, a, b] = positive("--likelihood", values.likelihood, ["r", "alpha", "a", "b"]);
    simulation.likelihood = { r, alpha, a, b };
  }
  if (values.spend !== undefined) {
    const [p, q, gamma] = positive("--spend", values.spend, ["p", "q", "gamma"]);
    simulation.spend = { p, q, gamma };
  }
  if (values.season !== undefined) {
    simulation.season = positive("--season", values.season, monthNames);
  }
  return { simulation, out: values.out, truth: values.truth };
}

/** Numbers above zero, as `.5,45,.8,1.8`. */
function positive(flag: string, text: string, names: string[]): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.length === names.length && numbers.every((value) => value > 0)) return numbers;
  throw new BadInput(`${flag} ${quoted(text)}: write ${names.join(",")} as numbers above zero`);
}

/** One row for each order, with its customer's true parameters if requested. */
function* orderPieces(store: Simulation, withTruth: boolean): Generator<string> {
  const { customer, day: days, amount } = store.purchases;
  const names = ["customer_id", "date", "amount", ...(withTruth ? truthNames : [])];
  let piece = `${names.join(",")}\n`;
  for (let row = 0; row < customer.length; row++) {
    const cents = Math.max(1, Math.round(100 * amount[row]));
    const truth = withTruth ? `,${truthCells(store, customer[row])}` : "";
    piece += `${idOf(customer[row])},${writeDay(days[row])},${(cents / 100).toFixed(2)}${truth}\n`;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = "";
  }
  yield piece;
}

/** One row for each customer. */
function* truthPieces(store: Simulation): Generator<string> {
  yield `${["customer_id", ...truthNames].join(",")}\n`;
  for (let who = 0; who < store.purchases.customers; who++) {
    yield `${idOf(who)},${truthCells(store, who)}\n`;
  }
}

function truthCells({ truth }: Simulation, who: number): string {
  const { rate, dropout, meanSpend, lastAliveDay } = truth;
  return [rate[who], dropout[who], meanSpend[who], writeDay(lastAliveDay[who])].join(",");
}

function idOf(who: number): string {
  return String(who + 1).padStart(7, "0");
}
