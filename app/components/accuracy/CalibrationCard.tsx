import { BlockStack, Card, Text } from "@shopify/polaris";
import { scaleLinear } from "@visx/scale";
import { useTranslation } from "react-i18next";

import { Axes } from "#app/components/shared/charts/Axes.tsx";
import { Chart } from "#app/components/shared/charts/Chart.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { AccuracyView } from "#app/scoring/views/accuracy.ts";

type Props = { calibration: NonNullable<AccuracyView["calibration"]>; format: Formatting };

/** Mean differences of the shares up to which they are called close, and fair. */
const CLOSE = 0.05;
const FAIR = 0.1;
const HEIGHT = 300;
const RADIUS = 6;
const MARGIN = { top: 12, right: 16, bottom: 44, left: 56 };

/** Groups of customers by predicted likelihood, against the share of each that bought. */
export function CalibrationCard({ calibration, format }: Props) {
  const { t } = useTranslation();
  const { bins, from, tested } = calibration;
  const customers = bins.reduce((sum, bin) => sum + bin.customers, 0);
  const gap =
    bins.reduce((sum, bin) => sum + bin.customers * Math.abs(bin.predicted - bin.observed), 0) /
    Math.max(1, customers);
  const verdict = gap <= CLOSE ? "close" : gap <= FAIR ? "fair" : "far";
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          {t("accuracy.calibration.title")}
        </Text>
        <Text as="p">
          {t("accuracy.calibration.gap", {
            points: format.average(100 * gap),
            day: format.day(from),
          })}
          <> {t(`accuracy.calibration.${verdict}`)}</>
          {tested && <> {t("accuracy.calibration.tested")}</>}
        </Text>
        <Text as="p" tone="subdued">
          {t("accuracy.calibration.legend")}
        </Text>
        <Chart
          label={t("accuracy.calibration.label", { count: bins.length })}
          height={HEIGHT}
          table={{
            columns: [
              t("accuracy.calibration.predicted"),
              t("accuracy.calibration.observed"),
              t("accuracy.tiers.customers"),
            ],
            rows: bins.map((bin) => [
              format.exactPercent(bin.predicted),
              format.exactPercent(bin.observed),
              format.number(bin.customers),
            ]),
          }}
        >
          {(width) => <Plot calibration={calibration} format={format} width={width} />}
        </Chart>
      </BlockStack>
    </Card>
  );
}

function Plot({ calibration: { bins }, format, width }: Props & { width: number }) {
  const { t } = useTranslation();
  const most = Math.min(1, 1.1 * Math.max(...bins.flatMap((bin) => [bin.predicted, bin.observed])));
  const bottom = HEIGHT - MARGIN.bottom;
  const x = scaleLinear({ domain: [0, most], range: [MARGIN.left, width - MARGIN.right] });
  const y = scaleLinear({ domain: [0, most], range: [bottom, MARGIN.top] });
  const percent = (value: unknown) => format.percent(Number(value));
  return (
    <>
      <Axes
        x={x}
        y={y}
        bottom={bottom}
        left={MARGIN.left}
        formatX={percent}
        formatY={percent}
        labelX={t("accuracy.calibration.predicted")}
      />
      <line className="encore-chart__guide" x1={x(0)} y1={y(0)} x2={x(most)} y2={y(most)} />
      {bins.map((bin) => (
        <circle
          key={bin.predicted}
          className="encore-chart__mark"
          cx={x(bin.predicted)}
          cy={y(bin.observed)}
          r={RADIUS}
        />
      ))}
    </>
  );
}
