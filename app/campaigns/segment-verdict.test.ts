import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type Counted, judge, type KnownMembers } from "./segment-verdict.ts";

const settled: KnownMembers = { tier: 100, tagged: 100, fresh: 100, recent: 0, moving: 0 };
const justWritten: KnownMembers = { ...settled, recent: 100, moving: 700 };
const all: Counted = { tagged: 100, members: 100, stale: 0 };
const nobody: Counted = { tagged: 100, members: 0, stale: 0 };
const everybody: Counted = { tagged: 100, members: 100, stale: 100 };

describe("a segment is judged", () => {
  it.each([
    ["right when Shopify finds the tier", "right", all, settled],
    ["right at once when Shopify does not lag", "right", all, justWritten],
    ["misread when the date is taken for nobody's", "misread", nobody, settled],
    ["misread when the date is taken for everybody's", "misread", everybody, settled],
    ["misread when the query is refused", "misread", { ...all, members: null }, settled],
    ["too early while Shopify sees none of what was written", "too-early", nobody, justWritten],
    ["too early while old scores may be seen still", "too-early", everybody, justWritten],
    ["too early when even the tag is refused", "too-early", { ...nobody, tagged: null }, settled],
    [
      "too early when there is nobody",
      "too-early",
      { tagged: 0, members: 0, stale: 0 },
      { ...settled, tier: 0, tagged: 0, fresh: 0 },
    ],
    [
      "different, and well read, when tags are missing in Shopify",
      "differs",
      { tagged: 60, members: 60, stale: 0 },
      settled,
    ],
    [
      "different when others have the tag in Shopify",
      "differs",
      { tagged: 130, members: 130, stale: 0 },
      settled,
    ],
    [
      "different when writes to some of the tier failed",
      "differs",
      { tagged: 90, members: 90, stale: 0 },
      { ...settled, tagged: 90, fresh: 90 },
    ],
    [
      "different, and well read, when it excludes old scores",
      "differs",
      { tagged: 100, members: 70, stale: 30 },
      { ...settled, fresh: 70 },
    ],
    [
      "right when what differs was written lately",
      "right",
      { tagged: 98, members: 97, stale: 1 },
      { ...settled, recent: 5, moving: 5 },
    ],
    [
      "misread even while some were written lately",
      "misread",
      nobody,
      { ...settled, recent: 5, moving: 50 },
    ],
    [
      "right where Shopify counts no further",
      "right",
      { tagged: 25_001, members: 25_001, stale: 0 },
      { ...settled, tier: 90_000, tagged: 90_000, fresh: 90_000 },
    ],
    [
      "misread where Shopify counts no further",
      "misread",
      { tagged: 25_001, members: 25_001, stale: 25_001 },
      { ...settled, tier: 90_000, tagged: 90_000, fresh: 90_000 },
    ],
  ] as const)("%s", (...[, verdict, counted, known]) => {
    expect(judge(counted, known)).toBe(verdict);
  });

  it("not misread for lag alone, whichever recent writes Shopify does not see yet", () => {
    const share = fc.integer({ min: 0, max: 200 });
    const shares = fc.record({ fresh: share, old: share, untagged: share, unscored: share });
    fc.assert(
      fc.property(shares, ({ fresh, old, untagged, unscored }) => {
        // Shopify sees some recent customers without the tag, and others with their old score.
        const recent = Math.min(fresh, untagged + unscored);
        const hidden = Math.min(untagged, recent);
        const behind = recent - hidden;
        const known = { tier: fresh + old, tagged: fresh + old, fresh, recent, moving: recent };
        const counted = {
          tagged: fresh + old - hidden,
          members: fresh - hidden - behind,
          stale: old + behind,
        };
        expect(judge(counted, known)).not.toBe("misread");
      }),
    );
  });
});
