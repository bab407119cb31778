import type { Tier } from "#engine";

/** The part of all scored customers in a tier, drawn. The words stand beside it, so it is hidden from readers. */
export function TierBar({ tier, share }: { tier: Tier; share: number }) {
  return (
    <div className="encore-bar" aria-hidden="true">
      <div
        className={`encore-bar__fill encore-bar__fill--${tier}`}
        style={{ inlineSize: `${Math.min(100, share * 100).toFixed(2)}%` }}
      />
    </div>
  );
}
