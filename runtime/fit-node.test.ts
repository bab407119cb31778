import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";

import { describe, expect, it } from "vitest";

import { complaintAbout, isAtLeast } from "./node-version.mjs";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  engines: { node: string };
  scripts: Record<string, string>;
  bin: Record<string, string>;
};

/** All entry points, each of which an npm script names. */
const entries = Object.values(manifest.scripts).flatMap((script) =>
  [...script.matchAll(/[\w/-]+\.m?ts\b/g)].map(([file]) => file),
);
const starts = [...new Set([...entries, ...Object.values(manifest.bin)])];

describe("the required Node version", () => {
  it.each([
    ["22.12.0", true],
    ["22.13.0", true],
    ["22.100.1", true],
    ["24.0.0", true],
    ["22.11.9", false],
    ["22.2.0", false],
    ["20.19.5", false],
    ["9.99.99", false],
  ])("%s will do: %s", (version, fits) => {
    expect(isAtLeast(version, "22.12.0")).toBe(fits);
    expect(complaintAbout(version) === null).toBe(fits);
  });

  it("is the one in package.json", () => {
    expect(manifest.engines.node).toBe(">=22.12.0");
  });

  it("parses an id above 2^53 with all its digits", () => {
    const source = JSON.parse(
      "9007199254740993",
      (_key, _value, context?: { source: string }) => context?.source,
    ) as unknown;
    expect(source).toBe("9007199254740993");
  });
});

describe("a process that is started on an older Node", () => {
  const older =
    'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.5" } })';

  it("is refused by the first import of every entry point", () => {
    expect(starts).toEqual(
      expect.arrayContaining(["app/server/main.ts", "app/worker/main.ts", "simulator/main.ts"]),
    );
    expect(starts.length).toBeGreaterThan(12);
    for (const entry of starts) {
      const [first] = /^import [^;]*;/m.exec(readFileSync(entry, "utf8")) ?? [];
      expect({ entry, first }).toEqual({
        entry,
        first: expect.stringMatching(/^import "(#|\.\.\/)runtime\/fit-node\.mjs";$/) as string,
      });
    }
  });

  it.each(["app/server/main.ts", "scripts/migrate.ts", "./cli/encore.mjs"])(
    "%s says so and ends",
    async (entry) => {
      const pretend = ["--import", `data:text/javascript,${encodeURIComponent(older)}`];
      const child = spawn(process.execPath, [...pretend, "--import", "tsx", entry], {
        env: { PATH: process.env.PATH, NODE_ENV: "test" },
      });
      const said = Promise.all([text(child.stdout), text(child.stderr)]);
      const [status] = (await once(child, "exit")) as [number | null];
      expect([status, ...(await said)]).toEqual([1, "", `${complaintAbout("20.19.5")}\n`]);
    },
    60_000,
  );
});
