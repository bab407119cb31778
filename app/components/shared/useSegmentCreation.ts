import { useFetcher } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { type Target, targetKey, type TargetSegmentView } from "#app/campaigns/target.ts";

import { type SegmentAnswer, useProblem } from "./useProblem.ts";

const TOAST_MS = 10_000;

/** An answer outlives the page it came to: the next page that shows the tier must not say it again. */
const told = new WeakSet<SegmentAnswer>();

export type SegmentCreation = {
  creating: boolean;
  /** The segment: the one that existed, or was made or found again on this page. */
  segment: TargetSegmentView | null;
  /** Why it could not be made, in words. */
  problem: string | null;
  create: () => void;
  /** Leaves the app for the segment's page in the admin. */
  open: () => void;
};

/**
 * Makes the segment of a target with its default name, and says so in a toast that leads to it.
 *
 * @param existing the one that was made before
 */
export function useSegmentCreation(
  target: Target,
  existing: TargetSegmentView | null,
): SegmentCreation {
  const { t } = useTranslation();
  const problemOf = useProblem();
  const fetcher = useFetcher<SegmentAnswer>({ key: `segment ${targetKey(target)}` });
  const answer = fetcher.data;
  // The second press of a double click comes before the button shows that it works.
  const pressed = useRef(false);

  useEffect(() => {
    if (fetcher.state === "idle") pressed.current = false;
  }, [fetcher.state]);

  useEffect(() => {
    if (answer?.kind !== "created" && answer?.kind !== "found") return;
    if (told.has(answer)) return;
    told.add(answer);
    const { name, adminUrl } = answer.segment;
    window.shopify?.toast.show(
      answer.kind === "created" ? t("segment.created", { name }) : t("segment.found", { name }),
      { duration: TOAST_MS, action: t("segment.open"), onAction: () => openInAdmin(adminUrl) },
    );
  }, [answer, t]);

  const segment = answer && "segment" in answer ? answer.segment : existing;
  return {
    creating: fetcher.state !== "idle",
    segment,
    problem: answer ? problemOf(answer) : null,
    create: () => {
      if (pressed.current) return;
      pressed.current = true;
      fetcher.submit(
        { name: t(`segment.name.${target.axis}.${target.tier}`) },
        { method: "post", action: `/app/targets/${target.axis}/${target.tier}` },
      );
    },
    open: () => {
      if (segment) openInAdmin(segment.adminUrl);
    },
  };
}

/** App Bridge takes `shopify://admin/…` and moves the admin around the app. */
export function openInAdmin(adminUrl: string): void {
  window.open(adminUrl, "_top");
}
