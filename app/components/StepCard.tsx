import { BlockStack, Card, Text } from "@shopify/polaris";
import type { ReactNode } from "react";

type Props = { title: string; children: ReactNode };

/**
 * The one thing that stands before everything else: work that goes on, or a decision to make.
 * Its height is kept from one step to the next, so that the dashboard below never moves.
 */
export function StepCard({ title, children }: Props) {
  return (
    <section className="encore-step" id="step" tabIndex={-1} aria-labelledby="step-title">
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id="step-title">
            {title}
          </Text>
          {children}
        </BlockStack>
      </Card>
    </section>
  );
}
