import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";
import { onTestFinished } from "vitest";

import { pool } from "#app/lib/db.server.ts";

// Reproduces a race between two transactions in every run: a statement of this process is held back before it
// is sent, until the test has done what is to happen in between. The code under test is not changed for it.

type Send = (this: pg.Client, ...args: unknown[]) => unknown;
type Held = { go: () => void; fail: (error: Error) => void };

const PATIENCE_MS = 15_000;

const meetings = new Set<Meeting>();

/** Holds back every matching statement before it is sent. */
export class Meeting {
  readonly #pattern: RegExp;
  readonly #held: Held[] = [];
  #arrived = 0;
  #open = false;
  #changed: (() => void)[] = [];

  constructor(pattern: RegExp) {
    this.#pattern = pattern;
  }

  /** @returns null when the statement does not match; otherwise a promise of when it may be sent */
  hold(text: string): Promise<void> | null {
    if (this.#open || !this.#pattern.test(text)) return null;
    this.#arrived += 1;
    for (const tell of this.#changed.splice(0)) tell();
    return new Promise((go, fail) => this.#held.push({ go, fail }));
  }

  /** Waits until this number of statements has been held since the start. */
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

  /** Releases the first statements; later ones are still held. */
  release(count: number): void {
    for (const { go } of this.#held.splice(0, count)) go();
  }

  /** Fails the first statement as if its connection had broken: it is never sent. */
  fail(error: Error): void {
    this.#held.shift()?.fail(error);
  }

  /** Releases all statements and holds no more. */
  end(): void {
    this.#open = true;
    this.release(this.#held.length);
    meetings.delete(this);
  }
}

/**
 * A point at which statements are held, until the end of the test at the latest.
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

/** Waits until this number of connections of the test's database wait for a lock. */
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
  // A stream, as for COPY, cannot be delayed.
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
  // The pool passes a callback, which receives the result or the error.
  if (typeof callback !== "function") return sent;
  sent.catch((error: unknown) => (callback as (error: unknown) => void)(error));
  return undefined;
};
