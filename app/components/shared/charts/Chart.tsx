import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";

import { useWidth } from "./useWidth.ts";

export type ChartTable = {
  columns: string[];
  /** The first cell of each row is its name. */
  rows: string[][];
};

type Props = {
  /** What the picture shows, in a sentence: read aloud in its place. */
  label: string;
  /** CSS pixels; the same on every width, so that nothing moves once the width is known. */
  height: number;
  /** The figures behind the picture. */
  table: ChartTable;
  /** Draws the content of the SVG. @param width CSS pixels */
  children: (width: number) => ReactNode;
};

/** A picture with its figures as a table, for whoever would rather read or cannot see it. */
export function Chart({ label, height, table, children }: Props) {
  const { t } = useTranslation();
  const { ref, width } = useWidth();
  const title = useId();
  const [name = "", ...columns] = table.columns;
  return (
    <figure className="encore-chart">
      <div ref={ref} style={{ blockSize: height }}>
        <svg role="img" aria-labelledby={title} width={width} height={height}>
          <title id={title}>{label}</title>
          {children(width)}
        </svg>
      </div>
      <details className="encore-chart__table">
        <summary>{t("chart.table")}</summary>
        {/* Wide tables scroll by themselves; without a tab stop a keyboard could not. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <div className="encore-chart__scroll" tabIndex={0} role="group" aria-label={label}>
          <table className="encore-examples">
            <thead>
              <tr>
                <th scope="col">{name}</th>
                {columns.map((column) => (
                  <th scope="col" key={column}>
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {table.rows.map(([row = "", ...cells]) => (
                <tr key={row}>
                  <th scope="row">{row}</th>
                  {cells.map((cell, index) => (
                    <td key={columns[index]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}
