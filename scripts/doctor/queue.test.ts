import { describe, expect, it } from "vitest";

import type { Read } from "./database.ts";
import { formatFinding } from "./finding.ts";
import { checkQueue } from "./queue.ts";

type Now = { waiting: number; age: number | null; working: boolean; parked?: number };

/** A fake database whose queue has the given state. */
async function look(now: Now | null): Promise<string[]> {
  const answers: [RegExp, object][] = [
    [/to_regclass\('pgboss/, { yes: now !== null }],
    [/from pgboss\.job/, now ?? {}],
    [/to_regclass\('parked_jobs/, { yes: true }],
    [/from parked_jobs/, { jobs: now?.parked ?? 0 }],
  ];
  const read = (sql: string) => {
    const found = answers.find(([pattern]) => pattern.test(sql));
    return found === undefined ? Promise.reject(new Error(sql)) : Promise.resolve([found[1]]);
  };
  return (await checkQueue(read as unknown as Read)).map(formatFinding);
}

describe("the queue", () => {
  it.each<[what: string, now: Now | null, found: RegExp[]]>([
    ["is not there yet", null, [/^! Queue +its tables are not there yet.*\n +→ start a worker/]],
    [
      "is worked on",
      { working: true, waiting: 5, age: 600 },
      [/^✓ Queue +a worker is connected, 5 jobs wait$/],
    ],
    [
      "has nobody, and nothing to do",
      { working: false, waiting: 0, age: null },
      [/^! Queue +no worker is connected, 0 jobs wait\n +→ start a worker/],
    ],
    [
      "has nobody for what waits",
      { working: false, waiting: 3, age: 1_800 },
      [/^✗ Queue +no worker is connected, 3 jobs wait, the first for 30 min\n +→ start a worker/],
    ],
    [
      "has too few",
      { working: true, waiting: 900, age: 601 },
      [/^! Queue +a worker is connected, 900 jobs wait, the first for 10 min\n +→ add workers/],
    ],
    [
      "has given some up",
      { working: true, waiting: 0, age: null, parked: 2 },
      [/^✓ Queue/, /^! Queue +2 jobs were given up\n +→ npm run jobs -- list/],
    ],
  ])("%s", async (_, now, found) => {
    expect(await look(now)).toEqual(found.map((one) => expect.stringMatching(one) as string));
  });
});
