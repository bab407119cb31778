import { useEffect, useState } from "react";

import type { NamesAnswer } from "#app/scoring/views/customers.ts";

/** The names once they are there; null until then. */
export function useNames(coming: Promise<NamesAnswer>): NamesAnswer | null {
  const [known, setKnown] = useState<{ of: unknown; answer: NamesAnswer } | null>(null);
  useEffect(() => {
    let left = false;
    const keep = (answer: NamesAnswer) => {
      if (!left) setKnown({ of: coming, answer });
    };
    // When the page's stream breaks off, so do the names.
    coming.then(keep, () => {
      keep({ kind: "failed", code: "shopify-unreachable" });
    });
    return () => {
      left = true;
    };
  }, [coming]);
  // Those of the page before are not this one's.
  return known?.of === coming ? known.answer : null;
}
