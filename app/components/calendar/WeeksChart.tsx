import { scaleBand, scaleLinear } from "@visx/scale";
import { useTranslation } from "react-i18next";

import { Axes } from "#app/components/shared/charts/Axes.tsx";
import { Chart } from "#app/components/shared/charts/Chart.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { CalendarWeek } from "#app/scoring/views/calendar.ts";

import { useRanged } from "./useRanged.ts";

const HEIGHT = 220;
/** Room for the axes, CSS pixels. */
const LEFT = 44;
const BOTTOM = HEIGHT - 28;
const TOP = 8;
/** A day's name needs so much. */
const TICK = 64;

type Props = { weeks: CalendarWeek[]; format: Formatting };

/** A bar for the customers expected in each week, with a line for its range. */
export function WeeksChart({ weeks, format }: Props) {
  const { t } = useTranslation();
  const { count, amount } = useRanged(format);
  const [first, last] = [weeks.at(0), weeks.at(-1)];
  if (!first || !last) return null;
  const table = {
    columns: [
      t("calendar.column.week"),
      t("calendar.column.customers"),
      t("calendar.column.spend"),
    ],
    rows: weeks.map((week) => [
      format.shortDay(week.from),
      `${count(week.customers).expected} (${count(week.customers).range})`,
      `${amount(week.spendMinor).expected} (${amount(week.spendMinor).range})`,
    ]),
  };
  const label = t("calendar.picture", {
    first: count(first.customers).expected,
    from: format.shortDay(first.from),
    last: count(last.customers).expected,
    to: format.shortDay(last.from),
  });
  return (
    <Chart label={label} height={HEIGHT} table={table}>
      {(width) => <Bars weeks={weeks} width={width} format={format} />}
    </Chart>
  );
}

function Bars({ weeks, width, format }: Props & { width: number }) {
  const x = scaleBand({
    domain: weeks.map(({ from }) => from),
    range: [LEFT, width],
    padding: 0.3,
  });
  const most = Math.max(1, ...weeks.map(({ customers }) => customers.high));
  const y = scaleLinear({ domain: [0, most], range: [BOTTOM, TOP], nice: true });
  // Every week's day where there is room, else every second, third …
  const every = Math.ceil((TICK * weeks.length) / Math.max(1, width - LEFT));
  const shown = new Set(weeks.filter((_, at) => at % every === 0).map(({ from }) => from));
  return (
    <>
      {weeks.map(({ from, customers: { expected, low, high } }) => {
        const left = x(from) ?? 0;
        const middle = left + x.bandwidth() / 2;
        return (
          <g key={from}>
            <rect
              className="encore-chart__bar"
              x={left}
              y={y(expected)}
              width={x.bandwidth()}
              height={BOTTOM - y(expected)}
            />
            <line
              className="encore-chart__range"
              x1={middle}
              x2={middle}
              y1={y(low)}
              y2={y(high)}
            />
          </g>
        );
      })}
      <Axes
        x={x}
        y={y}
        bottom={BOTTOM}
        left={LEFT}
        xTicks={weeks.length}
        formatX={(day) => (shown.has(String(day)) ? format.shortDay(String(day)) : "")}
        formatY={(value) => format.number(Number(value))}
      />
    </>
  );
}
