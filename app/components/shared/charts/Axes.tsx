import { AxisBottom, AxisLeft } from "@visx/axis";

// The scales that our charts use, as the axes take them.
type AxisScale = Parameters<typeof AxisBottom>[0]["scale"];

type Props = {
  x: AxisScale;
  y: AxisScale;
  /** Where the horizontal axis lies, in pixels from the top. */
  bottom: number;
  /** Where the vertical axis lies, in pixels from the left. */
  left: number;
  /** The values that get a tick; by default about five. */
  xValues?: string[];
  /** What the horizontal axis measures. */
  labelX?: string;
  formatX: (value: unknown) => string;
  formatY: (value: unknown) => string;
};

/** The axes of a chart: quiet lines, figures in the page's font. */
export function Axes({ x, y, bottom, left, xValues, labelX, formatX, formatY }: Props) {
  return (
    <>
      <AxisBottom
        scale={x}
        top={bottom}
        numTicks={5}
        {...(xValues && { tickValues: xValues })}
        {...(labelX && { label: labelX, labelClassName: "encore-chart__text", labelOffset: 12 })}
        tickFormat={formatX}
        tickLength={4}
        tickClassName="encore-chart__tick"
        axisLineClassName="encore-chart__axis"
      />
      <AxisLeft
        scale={y}
        left={left}
        numTicks={4}
        tickFormat={formatY}
        tickLength={4}
        tickClassName="encore-chart__tick"
        axisLineClassName="encore-chart__axis"
      />
    </>
  );
}
