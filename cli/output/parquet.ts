import { parquetWriteFile, type ColumnSource } from "hyparquet-writer";
import type { SchemaElement } from "hyparquet";
import type { Column } from "./rows.ts";

/** Writes a Parquet file: text as UTF-8, days as DATE, null where there is no value. */
export function writeParquet(file: string, columns: readonly Column[], rows: number): void {
  const schema: SchemaElement[] = [
    { name: "root", num_children: columns.length },
    ...columns.map(elementOf),
  ];
  parquetWriteFile({
    filename: file,
    schema,
    columnData: columns.map((column) => sourceOf(column, rows)),
  });
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

function sourceOf(column: Column, rows: number): ColumnSource {
  const length = { length: rows };
  const { name, at } = column;
  return { name, data: Array.from(length, (_, row) => at(row)) };
}
