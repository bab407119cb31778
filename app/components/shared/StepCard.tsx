import { BlockStack, Card, Text } from "@shopify/polaris";
import { type ReactNode, useId } from "react";

type Props = { title: string; children: ReactNode };

/**
 * A card for running work or a decision, above everything else. Its minimum height keeps the
 * dashboard below from moving between steps.
 */
export function StepCard({ title, children }: Props) {
  const id = useId();
  return (
    <section className="encore-step" aria-labelledby={id}>
      <Card>
        <BlockStack gap="300">
          <Text as="h2" variant="headingMd" id={id}>
            {title}
          </Text>
          {children}
        </BlockStack>
      </Card>
    </section>
  );
}
