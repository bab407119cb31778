import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";
import { onTestFinished } from "vitest";

import { pool } from "#app/lib/db.server.ts";

// Lets two transactions meet at a chosen point, so that a race happens in every run: a statement is
// held back before it is sent, whoever in this process sends it, until the test has done what is to
// come in between. The code under test knows nothing of it.

type Send = (this: pg.Client, ...args: unknown[]) => unknown;
type Held = { go: () => void; fail: (error: Error) => void };

const PATIENCE_MS = 15_000;

const meetings = new Set<Meeting>();

/** Holds back every statement that matches, each before it is sent. */
export class Meeting {
  readonly #pattern: RegExp;
  readonly #held: Held[] = [];
  #arrived = 0;
  #open = false;
  #changed: (() => void)[] = [];

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  /** @returns null when the statement is none of its own; otherwise when it may be sent */
  hold(text: string): Promise<void> | null {
    if (this.#open || !this.#pattern.test(text)) return null;
    this.#arrived += 1;
    for (const tell of this.#changed.splice(0)) tell();
    return new Promise((go, fail) => this.#held.push({ go, fail }));
  }

  /** Waits until so many statements have come to the point since the beginning. */
  async arrived(count = 1): Promise<void> {
    const late = AbortSignal.timeout(PATIENCE_MS);
    while (this.#arrived < count) {
      await new Promise<void>((tell, fail) => {
        this.#changed.push(tell);
        late.onabort = () => {
          fail(new Error(`${this.#arrived} of ${count} came to ${String(this.#pattern)}`));
        };
      });
    }
    late.onabort = null;
  }

  /** Lets those that came first go on; later ones are held as before. */
  release(count: number): void {
    for (const { go } of this.#held.splice(0, count)) go();
  }

  /** Fails the one that came first, as if its connection had broken: it is never sent. */
  fail(error: Error): void {
    this.#held.shift()?.fail(error);
  }

  /** Lets all go on, and holds nothing any more. */
  end(): void {
    this.#open = true;
    this.release(this.#held.length);
    meetings.delete(this);
  }
}

/**
 * A point at which statements are held. It ends with the test at the latest.
 *
 * @param pattern of the statement's text
 */
export function meetBefore(pattern: RegExp): Meeting {
  const meeting = new Meeting(pattern);
  meetings.add(meeting);
  onTestFinished(() => {
    meeting.end();
  });
  return meeting;
}

/** Waits until so many connections of the test's database wait for a lock. */
export async function untilBlocked(count = 1): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { rows } = await pool.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if ((rows[0]?.n ?? 0) >= count) return;
    if (Date.now() > deadline) throw new Error("nobody waits for a lock");
    await sleep(5);
  }
}

function textOf(statement: unknown): string | null {
  if (typeof statement === "string") return statement;
  if (typeof statement !== "object" || statement === null) return null;
  // A stream, as of COPY, cannot be sent later.
  if ("submit" in statement || !("text" in statement)) return null;
  return String(statement.text);
}

function holdOf(statement: unknown): Promise<void> | null {
  const text = textOf(statement);
  if (text === null) return null;
  for (const meeting of meetings) {
    const held = meeting.hold(text);
    if (held !== null) return held;
  }
  return null;
}

const prototype = pg.Client.prototype as unknown as { query: Send };
const { query } = prototype;
prototype.query = function (...args) {
  const held = holdOf(args[0]);
  if (held === null) return query.apply(this, args);
  const sent = held.then(() => query.apply(this, args));
  const callback = args.at(-1);
  // The pool gives a callback, which hears of the result and of what went wrong.
  if (typeof callback !== "function") return sent;
  sent.catch((error: unknown) => (callback as (error: unknown) => void)(error));
  return undefined;
};
