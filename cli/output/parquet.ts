import { type ColumnSource, fileWriter, ParquetWriter, type SchemaElement } from "hyparquet-writer";

import type { Column } from "./rows.ts";

/** Rows per row group: the maximum held as values at a time. */
const GROUP = 50_000;

/** Writes a Parquet file: text as UTF-8, days as DATE, null where there is no value. */
export async function writeParquet(
  file: string,
  columns: readonly Column[],
  rows: number,
): Promise<void> {
  const schema = [{ name: "root", num_children: columns.length }, ...columns.map(elementOf)];
  const writer = new ParquetWriter({ writer: fileWriter(file), schema, createdBy: "encore" });
  for (let from = 0; from < rows; from += GROUP) {
    const to = Math.min(rows, from + GROUP);
    const columnData = columns.map((column) => sourceOf(column, from, to));
    await writer.write({ columnData, rowGroupSize: GROUP });
  }
  await writer.finish();
}

function elementOf({ name, kind }: Column): SchemaElement {
  switch (kind) {
    case "text":
      return { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" };
    case "whole":
      return { name, type: "INT32", repetition_type: "REQUIRED" };
    case "number":
      return { name, type: "DOUBLE", repetition_type: "REQUIRED" };
    case "day":
      return { name, type: "INT32", converted_type: "DATE", repetition_type: "OPTIONAL" };
  }
}

function sourceOf(column: Column, from: number, to: number): ColumnSource {
  const { name, at } = column;
  const values = { length: to - from };
  switch (column.kind) {
    case "number":
      return { name, data: Float64Array.from(values, (_, i) => column.at(from + i)) };
    case "whole":
      return { name, data: Int32Array.from(values, (_, i) => column.at(from + i)) };
    default:
      return { name, data: Array.from(values, (_, i) => at(from + i)) };
  }
}
