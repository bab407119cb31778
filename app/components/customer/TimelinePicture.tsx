import { scaleLinear, scaleUtc } from "@visx/scale";
import { LinePath } from "@visx/shape";

import { Axes } from "#app/components/shared/charts/Axes.tsx";
import type { Formatting } from "#app/i18n/formatting.ts";
import type { KeptLikelihood, Span, Timeline } from "#app/scoring/views/customer-timeline.ts";

/** CSS pixels. */
export const HEIGHT = 272;
const TOP = 20;
/** Where likelihood is nought, and where the dots and the axis of days lie. */
const NOUGHT = 160;
const DOTS = 200;
const BOTTOM = 240;
const LEFT = 48;
const RIGHT = 28;
const RADII = { least: 3, most: 12 };

type Props = { timeline: Timeline; width: number; format: Formatting; today: string };

/** The drawing; what it shows is said in words beside it. */
export function TimelinePicture({ timeline, width, format, today }: Props) {
  const { from, to, expected, passed, likelihood, purchases } = timeline;
  const x = scaleUtc({
    domain: [new Date(from), new Date(to)],
    range: [LEFT, Math.max(LEFT + 1, width - RIGHT)],
  });
  const y = scaleLinear({ domain: [0, 1], range: [NOUGHT, TOP] });
  const at = (day: string) => x(new Date(day));
  const largest = Math.max(...purchases.map(({ amountMinor }) => amountMinor));
  return (
    <>
      {expected && <Window span={expected} at={at} kind="band" />}
      {passed && <Window span={passed} at={at} kind="frame" />}
      <Axes
        x={x}
        y={y}
        bottom={BOTTOM}
        left={LEFT}
        xTicks={width < 500 ? 3 : 6}
        yTicks={2}
        formatX={dayFormat(timeline, format)}
        formatY={(share) => format.percent(Number(share))}
      />
      <Today at={at(timeline.today)} text={today} width={width} />
      <Likelihood points={likelihood} x={at} y={y} />
      {purchases.map(({ day, amountMinor }) => (
        <circle
          key={day}
          className="encore-chart__mark encore-chart__mark--over"
          cx={at(day)}
          cy={DOTS}
          r={Math.max(RADII.least, RADII.most * Math.sqrt(Math.max(0, amountMinor) / largest))}
        />
      ))}
    </>
  );
}

type Place = (day: string) => number;

function Window({ span, at, kind }: { span: Span; at: Place; kind: "band" | "frame" }) {
  const [begin, end] = [at(span.from), at(span.to)];
  return (
    <rect
      className={`encore-chart__${kind}`}
      x={begin}
      y={TOP}
      width={Math.max(3, end - begin)}
      height={BOTTOM - TOP}
    />
  );
}

function Today({ at, text, width }: { at: number; text: string; width: number }) {
  return (
    <>
      <line className="encore-chart__today" x1={at} x2={at} y1={TOP - 4} y2={BOTTOM} />
      <text
        className="encore-chart__text"
        x={at}
        y={TOP - 8}
        textAnchor={at > width - 40 ? "end" : "middle"}
      >
        {text}
      </text>
    </>
  );
}

type LineProps = { points: KeptLikelihood[]; x: Place; y: (share: number) => number };

/** Dashed as far as it was worked out afterwards; a ring marks where it stands now. */
function Likelihood({ points, x, y }: LineProps) {
  const live = points.findIndex(({ reconstructed }) => !reconstructed);
  const begin = live < 0 ? points.length : live;
  const place = {
    x: ({ on }: KeptLikelihood) => x(on),
    y: (p: KeptLikelihood) => y(p.probability),
  };
  const last = points.at(-1);
  const dashed = "encore-chart__line encore-chart__line--reconstructed";
  return (
    <>
      {/* To the first live point, so that the line has no gap. */}
      <LinePath data={points.slice(0, begin + 1)} {...place} className={dashed} />
      <LinePath data={points.slice(begin)} {...place} className="encore-chart__line" />
      {last && (
        <circle className="encore-chart__ring" cx={place.x(last)} cy={place.y(last)} r={4} />
      )}
    </>
  );
}

const SHORT_DAYS = 120;

/** Months, or days where the picture has only a few months. */
function dayFormat({ from, to }: Timeline, format: Formatting): (value: unknown) => string {
  const short = Date.parse(to) - Date.parse(from) < SHORT_DAYS * 86_400_000;
  return (value) => {
    const day = (value as Date).toISOString().slice(0, 10);
    return short ? format.shortDay(day) : format.month(day);
  };
}
