import { BlockStack, Card, SkeletonBodyText, SkeletonDisplayText } from "@shopify/polaris";

import { tiers } from "#engine";

/** A placeholder of the same size as a tier card, so that the layout does not shift. */
export function TierCardSkeleton() {
  return (
    <div aria-hidden="true">
      <Card padding="0">
        <div className="encore-card__head">
          <BlockStack gap="200">
            <SkeletonDisplayText size="small" />
            <SkeletonBodyText lines={1} />
          </BlockStack>
        </div>
        <div className="encore-rows">
          {tiers.map((tier) => (
            <div key={tier} className="encore-row encore-row--skeleton">
              <SkeletonBodyText lines={3} />
            </div>
          ))}
        </div>
      </Card>
    </div>
  );
}
