import type { StoreFit } from "#engine";

/** How the models did on past windows; null without any, and in fits of earlier versions, which have no totals. */
export function pastTests({ rehearsal }: Pick<StoreFit, "rehearsal">): StoreFit["rehearsal"] {
  return rehearsal && "totals" in rehearsal ? rehearsal : null;
}
