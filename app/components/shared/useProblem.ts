import { useTranslation } from "react-i18next";

import type { SegmentOutcome } from "#app/campaigns/target.ts";
import { errorCodes } from "#app/lib/errors.ts";
import { failureCodes } from "#app/writeback/plan/failure-codes.ts";

/** The action's reply to creating a segment: the outcome, or a failure of Shopify. */
export type SegmentAnswer = SegmentOutcome | { kind: "failed"; code: string };

/** Why a segment was not created, in words; null when it was. */
export function useProblem(): (answer: SegmentAnswer) => string | null {
  const { t } = useTranslation();
  const messageOf = useErrorMessage();
  return (answer) => {
    if (answer.kind === "not-agreed") return t("segment.blocked");
    if (answer.kind === "rejected") return t("segment.rejected", { message: answer.message });
    if (answer.kind === "failed") return messageOf(answer.code);
    return null;
  };
}

/** The message of an error code; an unknown code is shown, so that it can be reported. */
export function useErrorMessage(): (code: string | null) => string {
  const { t } = useTranslation();
  return (code) => {
    const known = [...errorCodes, ...failureCodes].find((candidate) => candidate === code);
    if (known) return t(`errors.${known}`);
    const unknown = t("errors.unknown");
    return code === null ? unknown : `${unknown} ${t("errors.code", { code })}`;
  };
}
