import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readRecording, replay } from "#tests/simulator/replay.ts";

const folder = new URL("../../tests/recorded/segments-2025-01/", import.meta.url);
const recordings = readdirSync(folder).filter((file) => file.endsWith(".json"));

/** Made by the recorder before it began to record. */
const madeBefore: Record<string, string[]> = {
  "customer-segment-members-query-create-validation-and-shape.json": ["648233779506"],
};

describe("what a live store answered about segments", () => {
  it("is there to be compared with", () => {
    expect(recordings.length).toBeGreaterThan(12);
  });

  it.each(recordings)("is answered alike: %s", async (file) => {
    const exchanges = readRecording(`segments-2025-01/${file}`);
    expect(exchanges.length).toBeGreaterThan(0);
    for (const { name, expected, actual } of await replay(exchanges, madeBefore[file])) {
      expect(actual, name).toEqual(expected);
    }
  });
});
