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
  xTicks?: number;
  yTicks?: number;
  formatX: (value: unknown) => string;
  formatY: (value: unknown) => string;
};

/** The axes of a chart: quiet lines, figures in the page's font. */
export function Axes({ x, y, bottom, left, xTicks = 5, yTicks = 4, formatX, formatY }: Props) {
  return (
    <>
      <AxisBottom
        scale={x}
        top={bottom}
        numTicks={xTicks}
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
