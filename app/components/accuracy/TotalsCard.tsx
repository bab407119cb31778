import { BlockStack, Card, Text } from "@shopify/polaris";
import { scaleLinear, scalePoint } from "@visx/scale";
import { useTranslation } from "react-i18next";

import { Axes } from "#app/components/shared/charts/Axes.tsx";
import { Chart } from "#app/components/shared/charts/Chart.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { WindowLine } from "#app/scoring/views/accuracy.ts";

type Props = {
  of: "buyers" | "spend";
  /** Oldest first. */
  windows: WindowLine[];
  format: Formatting;
};

const HEIGHT = 220;
const MARGIN = { top: 12, right: 12, bottom: 28, left: 64 };
const RADIUS = 4;

/** Expected and actual totals of each window: a ring for what was expected, a dot for what happened. */
export function TotalsCard({ of, windows, format }: Props) {
  const { t } = useTranslation();
  const shown = (value: number) =>
    of === "spend" ? format.money(value) : format.number(Math.round(value));
  const days = windows.at(-1)?.horizonDays ?? 0;
  const within = windows.filter((window) => isWithin(window)).length;
  const ranged = windows.filter(({ spend }) => spend.low !== null).length;
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t(`accuracy.totals.${of}`, { days })}
        </Text>
        <Text as="p" tone="subdued">
          {t("accuracy.totals.legend")}
          {of === "spend" && ranged > 0 && (
            <> {t("accuracy.totals.range", { count: ranged, within: format.number(within) })}</>
          )}
        </Text>
        <Chart
          label={t(`accuracy.totals.label.${of}`, { count: windows.length })}
          height={HEIGHT}
          table={{
            columns: [
              t("accuracy.ledger.week"),
              t("accuracy.expected"),
              t("accuracy.actual"),
              t("accuracy.source.title"),
            ],
            rows: windows.map((window) => [
              format.day(window.from),
              shown(window[of].expected),
              shown(window[of].actual),
              t(`accuracy.source.${window.source}`),
            ]),
          }}
        >
          {(width) => <Marks of={of} windows={windows} format={format} width={width} />}
        </Chart>
      </BlockStack>
    </Card>
  );
}

function isWithin({ spend: { low, high, actual } }: WindowLine): boolean {
  return low !== null && high !== null && actual >= low && actual <= high;
}

function Marks({ of, windows, format, width }: Props & { width: number }) {
  const highest = Math.max(
    ...windows.flatMap(({ buyers, spend }) =>
      of === "buyers"
        ? [buyers.expected, buyers.actual]
        : [spend.expected, spend.actual, spend.high ?? 0],
    ),
  );
  const x = scalePoint({
    domain: windows.map(({ from }) => from),
    range: [MARGIN.left, width - MARGIN.right],
    padding: 0.5,
  });
  const bottom = HEIGHT - MARGIN.bottom;
  const y = scaleLinear({ domain: [0, highest], range: [bottom, MARGIN.top], nice: true });
  // A label needs about 70 pixels.
  const every = Math.max(1, Math.ceil((70 * windows.length) / (width - MARGIN.left)));
  const ticks = windows.filter((_, index) => (windows.length - 1 - index) % every === 0);
  return (
    <>
      <Axes
        x={x}
        y={y}
        bottom={bottom}
        left={MARGIN.left}
        xValues={ticks.map(({ from }) => from)}
        formatX={(day) => format.shortDay(String(day))}
        formatY={(value) =>
          of === "spend" ? format.money(Number(value)) : format.number(Number(value))
        }
      />
      {windows.map((window) => {
        const { expected, actual } = window[of];
        const at = x(window.from);
        const { low, high } = window.spend;
        return (
          <g key={window.from}>
            {of === "spend" && low !== null && high !== null && (
              <rect
                className="encore-chart__band"
                x={(at ?? 0) - 2 * RADIUS}
                y={y(high)}
                width={4 * RADIUS}
                height={y(low) - y(high)}
              />
            )}
            <circle className="encore-chart__ring" cx={at} cy={y(expected)} r={RADIUS + 2} />
            <circle className="encore-chart__mark" cx={at} cy={y(actual)} r={RADIUS} />
          </g>
        );
      })}
    </>
  );
}
