import { setTimeout as sleep } from "node:timers/promises";

import { createRandom, type Random } from "#simulator/random.ts";

import { Deck, type Scene, triggerEvent } from "./events.ts";
import { killsOf } from "./faults.ts";
import type { Ledger } from "./ledger.ts";
import type { StormOptions } from "./options.ts";
import type { Stage } from "./stage.ts";

/** Steps of a simulated day. */
const STEPS = 12;
const DAY_SECONDS = 86_400;

type Storm = { stage: Stage; ledgers: readonly Ledger[]; options: StormOptions };

/**
 * Runs the days of a storm: events in the shops, killed processes, an advancing clock.
 *
 * @returns how often each event happened
 */
export async function liveThrough({ stage, ledgers, options }: Storm): Promise<Happened> {
  const happened: Happened = {};
  const scenes = ledgers.map((ledger, index): Scene => {
    return { stage, ledger, random: createRandom(options.seed * 1000 + index) };
  });
  const chance = createRandom(options.seed);
  const deck = new Deck(chance);
  for (let day = 0; day < options.days; day += 1) {
    await passDay({ scenes, options, stage }, { day, chance, deck, happened });
  }
  return happened;
}

/** By what it was. */
export type Happened = Record<string, number>;

type Day = { day: number; chance: Random; deck: Deck; happened: Happened };

async function passDay(
  { scenes, options, stage }: { scenes: Scene[]; options: StormOptions; stage: Stage },
  { day, chance, deck, happened }: Day,
): Promise<void> {
  const kills = killsOf(stage, day, chance);
  const moments = kills.map(() => chance.integer(STEPS));
  const pending: Promise<void>[] = [];
  for (let step = 0; step < STEPS; step += 1) {
    await stage.control("clock", { advanceSeconds: DAY_SECONDS / STEPS });
    kills.forEach((kill, index) => {
      if (moments[index] === step) pending.push(kill());
    });
    for (const scene of scenes) {
      const until = Math.round((options.eventsPerDay * (step + 1)) / STEPS);
      for (let event = Math.round((options.eventsPerDay * step) / STEPS); event < until; event++) {
        const name = deck.draw();
        await triggerEvent(scene, name);
        happened[name] = (happened[name] ?? 0) + 1;
      }
    }
    await sleep((options.secondsPerDay * 1000) / STEPS);
  }
  await Promise.all(pending);
}
