import { useTranslation } from "react-i18next";

import type { Formatting } from "#app/i18n/formatting.ts";

type Paused = { pausedAt: string; format: Formatting; emptying?: boolean };

/**
 * What segments show while writing is paused.
 *
 * @param emptying whether to say that they begin to empty, which those by tag alone do not
 */
export function usePausedSegments(): (paused: Paused) => string {
  const { t } = useTranslation();
  return ({ pausedAt, format, emptying = true }) => {
    const shown = t("settings.writing.segments", { at: format.moment(pausedAt) });
    return emptying ? `${shown} ${t("settings.writing.emptying")}` : shown;
  };
}
