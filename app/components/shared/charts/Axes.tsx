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
  /** The values that get a tick; else about so many. */
  xValues?: string[];
  xTicks?: number;
  yTicks?: number;
  /** What the horizontal axis measures. */
  labelX?: string;
  formatX: (value: unknown) => string;
  formatY: (value: unknown) => string;
};

/** The axes of a chart: quiet lines, figures in the page's font. */
export function Axes({ xValues, xTicks = 5, yTicks = 4, labelX, ...axes }: Props) {
  const { x, y, bottom, left, formatX, formatY } = axes;
  return (
    <>
      <AxisBottom
        scale={x}
        top={bottom}
        numTicks={xTicks}
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
        numTicks={yTicks}
        tickFormat={formatY}
        tickLength={4}
        tickClassName="encore-chart__tick"
        axisLineClassName="encore-chart__axis"
      />
    </>
  );
}
