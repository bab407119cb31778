import { bodies, slowBodies } from "./catalogue/bodies.ts";
import { erasing } from "./catalogue/erasing.ts";
import { guesses } from "./catalogue/guesses.ts";
import { headers } from "./catalogue/headers.ts";
import { firstOpenings, jobs } from "./catalogue/jobs.ts";
import { logs } from "./catalogue/logs.ts";
import { orders } from "./catalogue/orders.ts";
import { pages } from "./catalogue/pages.ts";
import { replays } from "./catalogue/replays.ts";
import { requests } from "./catalogue/requests.ts";
import { sessions } from "./catalogue/sessions.ts";
import { webhooks } from "./catalogue/webhooks.ts";
import type { Check } from "./check.ts";
import { setStage, type Stage } from "./stage.ts";

/** The result of one check: no complaints if it passed. */
export type Outcome = { holds: string; complaints: string[] };

const inOrder: Check[] = [
  ...[firstOpenings, ...headers, ...sessions, ...requests, ...pages, ...guesses, ...webhooks],
  // Checks that can harm a shop when they fail run after all that need one.
  ...[...jobs, ...bodies, ...replays, ...orders, ...erasing],
];

async function outcomeOf({ holds, run }: Check, stage: Stage): Promise<Outcome> {
  try {
    return { holds, complaints: await run(stage) };
  } catch (error) {
    return { holds, complaints: [`could not be tried: ${String(error)}`] };
  }
}

/**
 * Starts the product and runs the whole catalogue against it.
 *
 * @param database its name; it is recreated
 * @param tell is called with each result
 */
export async function attack(
  database: string,
  tell: (outcome: Outcome) => void = () => undefined,
): Promise<Outcome[]> {
  const stage = await setStage(database);
  const outcomes: Outcome[] = [];
  const note = (outcome: Outcome) => {
    outcomes.push(outcome);
    tell(outcome);
  };
  try {
    // It takes its time by nature, and nobody's else.
    const slow = outcomeOf(slowBodies, stage);
    for (const check of inOrder) note(await outcomeOf(check, stage));
    note(await slow);
    for (const check of logs) note(await outcomeOf(check, stage));
    return outcomes;
  } finally {
    await stage.stop();
  }
}
