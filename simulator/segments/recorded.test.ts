import { readdirSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { type Exchange, readRecording, readUpstream, replay } from "#tests/simulator/replay.ts";

const folder = new URL("../../tests/recorded/segments-2025-01/", import.meta.url);
const BASELINE = "segments-baseline.json";
const recordings = readdirSync(folder).filter(
  (file) => file.endsWith(".json") && file !== BASELINE,
);

/** Created before the recording started. */
const madeBefore: Record<string, string[]> = {
  "customer-segment-members-query-create-validation-and-shape.json": ["648233779506"],
};

/** One file contains two sequences in another order than they happened, and the last deletion twice. */
function asAsked(file: string, exchanges: Exchange[]): Exchange[] {
  if (file !== "segment-mutation-first-hydration.json") return exchanges;
  const isFirst = ({ name }: Exchange) => /^(update|liveUpdate)/.test(name) && name !== "updated";
  return exchanges
    .filter(({ name }) => name !== "deletedByScenario")
    .sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
}

describe("recorded exchanges about segments", () => {
  it("exist", () => {
    expect(recordings.length).toBeGreaterThan(12);
  });

  it.each(recordings)("has the recorded response: %s", async (file) => {
    const exchanges = asAsked(file, readRecording(`segments-2025-01/${file}`));
    expect(exchanges.length).toBeGreaterThan(0);
    for (const { name, expected, actual } of await replay(exchanges, madeBefore[file])) {
      expect(actual, name).toEqual(expected);
    }
  });

  it("has the recorded response for an existing segment, a missing one, and the list", async () => {
    const [recorded] = readUpstream(`segments-2025-01/${BASELINE}`);
    const { query, answer } = recorded!;
    const data = answer.data as Record<string, unknown>;
    // The rest are filters, suggestions and migrations, which the simulator does not have.
    const wanted = ["segments", "knownSegment", "missingSegment", "segmentsCount"];
    const fields = query.slice(query.indexOf("{"), query.indexOf("segmentFilters("));
    const short = {
      ...recorded!,
      query: `query Baseline($first: Int!, $knownSegmentId: ID!, $missingSegmentId: ID!) ${fields}}`,
      answer: { ...answer, data: Object.fromEntries(wanted.map((name) => [name, data[name]])) },
    };
    const made: Exchange = {
      name: "made before",
      query: `mutation Make($name: String!, $query: String!) {
        segmentCreate(name: $name, query: $query) { segment { id } }
      }`,
      variables: data.knownSegment as Record<string, unknown>,
      answer: {
        data: { segmentCreate: { segment: { id: Reflect.get(Object(data.knownSegment), "id") } } },
      },
    };
    for (const { name, expected, actual } of await replay([made, short])) {
      // The position of an error depends on the text, which was shortened.
      const placeless = JSON.stringify(expected).replace(/,"locations":\[[^\]]*\]/, "");
      const found = JSON.stringify(actual).replace(/,"locations":\[[^\]]*\]/, "");
      expect(JSON.parse(found), name).toEqual(JSON.parse(placeless));
    }
  });
});
