import { useFetcher } from "@remix-run/react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import {
  type Target,
  targetKey,
  targetPath,
  type TargetSegmentView,
} from "#app/campaigns/target.ts";

import { type SegmentAnswer, useProblem } from "./useProblem.ts";
import { useTargetTexts } from "./useTargetTexts.ts";

const TOAST_MS = 10_000;

/**
 * Answers already shown: fetcher data outlives the page, and the next page with the tier must not
 * show the toast again.
 */
const announced = new WeakSet<SegmentAnswer>();

export type SegmentCreation = {
  creating: boolean;
  /** The segment that existed, or was created or found on this page. */
  segment: TargetSegmentView | null;
  /** Why it could not be created, in words. */
  problem: string | null;
  create: () => void;
  /** Opens the segment's page in the admin. */
  open: () => void;
};

/**
 * Creates the segment of a target with its default name, and shows a toast that links to it.
 *
 * @param existing the segment that exists already
 */
export function useSegmentCreation(
  target: Target,
  existing: TargetSegmentView | null,
): SegmentCreation {
  const { t } = useTranslation();
  const { segmentName } = useTargetTexts(target);
  const problemOf = useProblem();
  const fetcher = useFetcher<SegmentAnswer>({ key: `segment ${targetKey(target)}` });
  const answer = fetcher.data;
  // The second click of a double click comes before the button is disabled.
  const pressed = useRef(false);

  useEffect(() => {
    if (fetcher.state === "idle") pressed.current = false;
  }, [fetcher.state]);

  useEffect(() => {
    if (answer?.kind !== "created" && answer?.kind !== "found") return;
    if (announced.has(answer)) return;
    announced.add(answer);
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
      fetcher.submit({ name: segmentName }, { method: "post", action: targetPath(target) });
    },
    open: () => {
      if (segment) openInAdmin(segment.adminUrl);
    },
  };
}

/** App Bridge handles `shopify://admin/…` by navigating the admin. */
export function openInAdmin(adminUrl: string): void {
  window.open(adminUrl, "_top");
}
