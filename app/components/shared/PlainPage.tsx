import type { CSSProperties, ReactNode } from "react";

const style: CSSProperties = {
  maxInlineSize: "36rem",
  margin: "15vh auto 0",
  padding: "0 1.25rem",
  fontFamily: "Inter, -apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, sans-serif",
  fontSize: "0.875rem",
  lineHeight: 1.5,
  color: "#303030",
};

/** A page outside /app, without Polaris. */
export function PlainPage({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <main style={style}>
      <h1 style={{ fontSize: "1.25rem" }}>{title}</h1>
      {children}
    </main>
  );
}
