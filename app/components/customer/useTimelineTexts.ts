import { useTranslation } from "react-i18next";

import type { ChartTable } from "#app/components/shared/charts/Chart.tsx";
import { type Formatting, outOfHundred } from "#app/i18n/formatting.ts";
import type { KeptLikelihood, Timeline } from "#app/scoring/views/customer-timeline.ts";

type Shown = { timeline: Timeline; days: number; format: Formatting };

/** The picture in a sentence, and its figures as a table. */
export function useTimelineTexts(shown: Shown): { label: string; table: ChartTable } {
  return { label: useLabel(shown), table: useTable(shown) };
}

function useLabel({ timeline, days, format }: Shown): string {
  const { t } = useTranslation();
  const outOf = useOutOf();
  const { purchases, likelihood, expected, passed } = timeline;
  const count = purchases.reduce((sum, { purchaseDays }) => sum + purchaseDays, 0);
  const amount = purchases.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const [first, last] = [likelihood[0], likelihood.at(-1)];
  const said = [
    t("timeline.label.purchases", {
      count,
      from: format.day(purchases[0]?.day ?? timeline.from),
      to: format.day(purchases.at(-1)?.day ?? timeline.to),
      amount: format.money(amount),
    }),
  ];
  if (first && last && first !== last) {
    said.push(
      t("timeline.label.line", {
        days,
        from: format.day(first.on),
        to: format.day(last.on),
        before: outOf(first),
        now: outOf(last),
      }),
    );
  }
  const span = (kind: "passed" | "expected", { from, to }: { from: string; to: string }) =>
    t(`timeline.label.${kind}`, { from: format.day(from), to: format.day(to) });
  if (passed) said.push(span("passed", passed));
  if (expected) said.push(span("expected", expected));
  return said.join(" ");
}

/** A row for each day that has a purchase or a likelihood, newest first. */
function useTable({ timeline, days, format }: Shown): ChartTable {
  const { t } = useTranslation();
  const outOf = useOutOf();
  const { purchases, likelihood, by } = timeline;
  const rows = new Map<string, string[]>();
  for (const point of likelihood) {
    const figure = outOf(point);
    const shown = point.reconstructed ? t("timeline.table.afterwards", { figure }) : figure;
    rows.set(point.on, [format.day(point.on), "–", shown]);
  }
  for (const { day, amountMinor, purchaseDays } of purchases) {
    const amount = format.money(amountMinor);
    const month = t("timeline.table.month", { count: purchaseDays, month: format.month(day) });
    if (by === "month") rows.set(`${day} month`, [month, amount, "–"]);
    else rows.set(day, [format.day(day), amount, rows.get(day)?.[2] ?? "–"]);
  }
  const newestFirst = [...rows].sort(([one], [other]) => (one < other ? 1 : -1));
  return {
    columns: [
      t("timeline.table.day"),
      t("timeline.table.amount"),
      t("timeline.table.likelihood", { days }),
    ],
    rows: newestFirst.map(([, cells]) => cells),
  };
}

function useOutOf(): (point: KeptLikelihood) => string {
  const { t } = useTranslation();
  return ({ probability }) => {
    const { kind, count } = outOfHundred(probability);
    return t(`customer.chance.${kind}`, { count });
  };
}
